package greenwave.sim.signal;

import greenwave.sim.signal.Approaches.Approach;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Minus the time that vehicles within 200 m before the stop lines lose per second, mean over the incoming
 * lanes: one that stands loses all of it, one that goes at a share s of the limit 1 - s. Its sum over an episode
 * is what delay is made of, unlike that of queues, which cost nothing until the last metre and after the first.
 */
final class TimeLoss implements Reward {
    private final Approaches approaches;
    private final Approaches.Visitor sum = this::add;
    private Approach[] lanes;
    private double lost;

    private TimeLoss(final Approaches approaches) {
        this.approaches = approaches;
    }

    /** {@return what makes one for each signal and episode} */
    static Supplier<Reward> maker() {
        final Approaches shared = new Approaches(ApproachObservation.METRES);
        return () -> new TimeLoss(shared);
    }

    /** {@return the share of its time that a vehicle loses, in [0, 1]} */
    static double share(final double speed, final double limit) {
        return limit > 0 ? Math.max(0, 1 - speed / limit) : 0;
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES);
    }

    @Override
    public List<String> lanes(final Signal signal) {
        return approaches.lanes(signal);
    }

    @Override
    public double of(final SignalReadings now) {
        if (lanes == null) {
            lanes = approaches.of(now);
        }
        lost = 0;
        for (final Approach lane : lanes) {
            lane.visit(sum);
        }
        return -lost / lanes.length;
    }

    private void add(final Vehicle vehicle, final double distance, final double limit) {
        lost += share(vehicle.speed(), limit);
    }
}
