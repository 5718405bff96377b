package greenwave.sim.signal;

import java.util.Set;

/** Minus the halting vehicles on the incoming lanes. */
final class Queue implements Reward {
    @Override
    public Set<Reading> readings() {
        return Set.of();
    }

    @Override
    public double of(final SignalReadings now) {
        return -now.totalQueued();
    }
}
