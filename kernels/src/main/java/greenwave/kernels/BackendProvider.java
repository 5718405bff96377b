package greenwave.kernels;

import java.util.List;
import java.util.Optional;

/** Offers one kind of backend; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** {@return what it is asked for by: lower case, without a device} */
    String name();

    /** {@return its place among the usable when none is named: the highest is taken} */
    int rank();

    /**
     * {@return why {@code device} cannot be used here, or empty if it can}
     *
     * @param device what followed the colon of the requested name; empty if there was none
     */
    Optional<String> probe(String device);

    /** {@return what it found on this machine, usable or not: lines for a person to read} */
    default List<String> findings() {
        return List.of();
    }

    /**
     * {@return a new backend}
     *
     * @throws IllegalStateException if {@link #probe} names a reason
     */
    Backend open(String device);
}
