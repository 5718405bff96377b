package greenwave.sim.signal;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/** What an agent sees of its signal. Stateless; any thread. */
public interface Observation {
    /** {@return numbers in an observation of {@code signal}} */
    int size(Signal signal);

    /** {@return readings it needs beyond the common ones} */
    Set<Reading> readings();

    /** Writes an observation, f32, from element {@code first} of {@code out} on. */
    void write(SignalReadings now, MemorySegment out, long first);
}
