package greenwave.sim;

/** SUMO or libtraci could not be had, refused its input, or died. The message is for the user. */
public final class SumoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure explained by {@code message}. */
    public SumoException(final String message) {
        super(message);
    }

    /** A failure explained by {@code message}, with what the JVM saw. */
    public SumoException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
