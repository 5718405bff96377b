package greenwave.sim.signal;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Whose errors to repeat, so that results can be compared with published ones. */
public enum Compat {
    /** Nobody's. */
    NONE,
    /**
     * sumo-rl 1.4.5: the program whose ID comes first, even if it has no greens; equal greens apart; phases
     * with {@code u o O} as greens, walking areas as lanes, one connection per link index;
     * reward weights ignored; in PettingZoo infos agent 1 gets those of agents 10, 11, ... too.
     */
    SUMO_RL,
    /**
     * general-tls: the first phase shown is number 0 even where it is all red, a mask for three arms
     * that can't serve one of them, and sumo-rl's lanes; where traffic keeps to the left, letters at the wrong links.
     */
    GENERAL_TLS;

    /** {@return {@code none}, {@code sumo-rl} or {@code general-tls}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * {@return the constant of this label}
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Compat labelled(final String label) {
        return Stream.of(values())
                .filter(compat -> compat.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "compat=%s, expected one of %s"
                                                .formatted(
                                                        label,
                                                        String.join(
                                                                ", ",
                                                                List.of(values()).stream()
                                                                        .map(Compat::label)
                                                                        .toList()))));
    }
}
