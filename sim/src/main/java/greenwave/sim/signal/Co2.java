package greenwave.sim.signal;

import java.util.Set;

/** Minus the CO2 that the vehicles on the incoming lanes emit at the decision, mg/s. */
final class Co2 implements Reward {
    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.CO2);
    }

    @Override
    public double of(final SignalReadings now) {
        return -now.totalCo2();
    }
}
