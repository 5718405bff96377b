package greenwave.sim;

import java.util.Locale;

/** What becomes of the episode in which a world's SUMO crashed, hung or was killed. */
public enum OnCrash {
    /** Another SUMO plays the same actions from the same seed; the episode goes on as if nothing had been. */
    REPLAY,
    /** The episode ends there, truncated and without metrics; the next begins. */
    TRUNCATE;

    /**
     * {@return what {@code name} names, in lower case}
     *
     * @throws IllegalArgumentException if it is another word
     */
    public static OnCrash named(final String name) {
        for (final OnCrash choice : values()) {
            if (choice.toString().equals(name)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "on_crash=%s, expected replay or truncate".formatted(name));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
