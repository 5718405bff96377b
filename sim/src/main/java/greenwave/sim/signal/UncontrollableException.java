package greenwave.sim.signal;

import java.io.Serial;

/** Why a traffic light can't be controlled; it is left to its own program. */
public final class UncontrollableException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With a reason that begins with the signal's name. */
    public UncontrollableException(final String reason) {
        super(reason);
    }
}
