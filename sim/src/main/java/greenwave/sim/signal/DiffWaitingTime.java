package greenwave.sim.signal;

import java.util.Set;

/** Decrease of the waiting time accumulated on the incoming lanes, in 100 s. */
final class DiffWaitingTime implements Reward {
    private double last;

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.WAITING);
    }

    @Override
    public double of(final SignalReadings now) {
        final double waiting = now.totalWaiting() / 100;
        final double reward = last - waiting;
        last = waiting;
        return reward;
    }
}
