package greenwave.sim.signal;

import java.util.Set;

/** Vehicles on the outgoing lanes minus vehicles on the incoming ones. */
final class Pressure implements Reward {
    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.OUTGOING);
    }

    @Override
    public double of(final SignalReadings now) {
        return now.pressure();
    }
}
