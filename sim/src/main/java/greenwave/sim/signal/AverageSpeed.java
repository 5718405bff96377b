package greenwave.sim.signal;

import java.util.Set;

/** Mean of speed over allowed speed on the incoming lanes, 1 when they are empty. */
final class AverageSpeed implements Reward {
    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.SPEED);
    }

    @Override
    public double of(final SignalReadings now) {
        return now.averageSpeed();
    }
}
