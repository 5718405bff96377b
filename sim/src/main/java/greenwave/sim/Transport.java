package greenwave.sim;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How worlds talk to SUMO. What they see is the same. */
public enum Transport {
    /** {@link #WIRE} where SUMO's TraCI API is one that it was tested with, else {@link #LIBTRACI}. */
    AUTO,
    /** SUMO's own client library, a private copy per world: for any SUMO that ships it. */
    LIBTRACI,
    /** A client of our own, which puts all of a decision into one message there and back. */
    WIRE;

    /** {@return {@code auto}, {@code libtraci} or {@code wire}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the constant of this label}
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Transport labelled(final String label) {
        return Stream.of(values())
                .filter(transport -> transport.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "transport=%s, expected one of %s"
                                                .formatted(label, labels())));
    }

    private static List<String> labels() {
        return Stream.of(values()).map(Transport::label).toList();
    }
}
