package greenwave.engine;

import java.util.List;
import java.util.stream.Stream;

/** Which backends tests are about: those of the host unless a run names another. */
public final class Tested {
    private static final String NAMED = System.getProperty("greenwave.test.backend");

    /** The one that is compared with the plain loops. */
    public static final String BACKEND = NAMED == null ? "cpu" : NAMED;

    /** All. */
    public static final List<String> BACKENDS =
            NAMED == null ? List.of("cpu", "reference") : List.of(NAMED);

    private Tested() {}

    /** {@return {@link #BACKENDS}, for a method source} */
    public static Stream<String> backends() {
        return BACKENDS.stream();
    }
}
