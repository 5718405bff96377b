package greenwave.sim.signal;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** What an agent sees of its signal. Any thread. */
public interface Observation {
    /** Writes the present observation of one signal; belongs to one episode. One thread. */
    @FunctionalInterface
    interface Eye {
        /** Writes it, f32, from element {@code first} of {@code out} on. Allocates nothing. */
        void write(MemorySegment out, long first);
    }

    /** {@return numbers in an observation of {@code signal}} */
    int size(Signal signal);

    /** {@return what it needs beyond vehicle numbers; {@link Reading#TRAFFIC} if it does not say} */
    default Set<Reading> readings() {
        return Set.of(Reading.TRAFFIC);
    }

    /** {@return lanes that it needs beyond the signal's incoming ones} */
    default List<String> lanes(final Signal signal) {
        return List.of();
    }

    /** {@return what writes observations of {@code now}, which changes with every decision} */
    Eye eye(SignalReadings now);
}
