package greenwave.kernels;

import java.util.List;

/** Which backend the tests of the contract are about: {@code cpu} unless a run names another. */
final class Tested {
    /** Its name. */
    static final String BACKEND = System.getProperty("greenwave.test.backend", "cpu");

    /** Its name, and that of the plain loops, which must do the same. */
    static final List<String> WITH_REFERENCE = List.of("reference", BACKEND);

    private Tested() {}
}
