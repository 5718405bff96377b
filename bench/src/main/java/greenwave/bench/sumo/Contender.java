package greenwave.bench.sumo;

import java.io.IOException;
import java.util.Optional;

/** A way to step worlds. */
interface Contender {
    /** {@return the name under which its figures are published} */
    String name();

    /** {@return why it can't run here, if it can't} */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** {@return decisions a second, over all worlds, once} */
    double run() throws IOException;
}
