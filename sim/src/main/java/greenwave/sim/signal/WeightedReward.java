package greenwave.sim.signal;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A weighted sum of rewards. */
final class WeightedReward implements Reward {
    private final List<Reward> parts;
    private final List<Double> weights;

    WeightedReward(final List<Reward> parts, final List<Double> weights) {
        this.parts = parts;
        this.weights = weights;
    }

    @Override
    public Set<Reading> readings() {
        final Set<Reading> all = EnumSet.noneOf(Reading.class);
        parts.forEach(part -> all.addAll(part.readings()));
        return all;
    }

    @Override
    public List<String> lanes(final Signal signal) {
        return parts.stream().flatMap(part -> part.lanes(signal).stream()).distinct().toList();
    }

    @Override
    public double of(final SignalReadings now) {
        double sum = 0;
        for (int i = 0; i < parts.size(); i++) {
            sum += weights.get(i) * parts.get(i).of(now); // each is asked: it may remember
        }
        return sum;
    }
}
