package greenwave.sim;

/** SUMO or libtraci could not be had, refused its input, or died. The message is for the user. */
public final class SumoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean lost;

    /** A failure explained by {@code message}. */
    public SumoException(final String message) {
        this(message, null);
    }

    /** A failure explained by {@code message}, with what the JVM saw. */
    public SumoException(final String message, final Throwable cause) {
        this(message, cause, false);
    }

    private SumoException(final String message, final Throwable cause, final boolean lost) {
        super(message, cause);
        this.lost = lost;
    }

    /** {@return a failure that another SUMO with the same input may not meet} */
    public static SumoException lost(final String message, final Throwable cause) {
        return new SumoException(message, cause, true);
    }

    /** {@return whether SUMO was lost: killed, hung or taken by another client} */
    public boolean isLost() {
        return lost;
    }
}
