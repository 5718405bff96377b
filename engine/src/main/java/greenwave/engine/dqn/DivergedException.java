package greenwave.engine.dqn;

/** Training has come to numbers that are not finite; the message names the tensor. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(final String message) {
        super(message);
    }
}
