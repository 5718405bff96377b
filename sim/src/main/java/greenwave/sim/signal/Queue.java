package greenwave.sim.signal;

/** Minus the halting vehicles on the incoming lanes. */
final class Queue implements Reward {
    @Override
    public double of(final SignalReadings now) {
        return -now.totalQueued();
    }
}
