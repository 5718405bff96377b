package greenwave.engine.dqn;

import java.util.List;

/** Mean losses over the episodes of several worlds at once, reading the device only when an episode ends. */
final class LossMeter {
    /** What it has counted; by world, what it had when the world's episode began. */
    record State(double sum, long count, double[] sumAtStart, long[] countAtStart) {}

    private final List<Learner> learners;
    private final double[] sumAtStart; // by world, when its episode began
    private final long[] countAtStart;
    private double sum;
    private volatile long count; // written by who updates

    LossMeter(final List<Learner> learners, final int worlds) {
        this.learners = learners;
        this.sumAtStart = new double[worlds];
        this.countAtStart = new long[worlds];
        learners.forEach(Learner::drainLossSum); // losses of earlier runs
    }

    /** {@return what it has counted, losses that the learners still keep not included} */
    State state() {
        return new State(sum, count, sumAtStart.clone(), countAtStart.clone());
    }

    /** Goes on from {@code state}, of as many worlds. */
    void restore(final State state) {
        sum = state.sum;
        count = state.count;
        System.arraycopy(state.sumAtStart, 0, sumAtStart, 0, sumAtStart.length);
        System.arraycopy(state.countAtStart, 0, countAtStart, 0, countAtStart.length);
    }

    /** Takes note of one update of one learner. */
    void updated() {
        count++;
    }

    /** {@return updates so far} */
    long updates() {
        return count;
    }

    /** {@return the mean loss since the last call for {@code world}; NaN without updates} */
    double endEpisode(final int world) {
        for (final Learner learner : learners) {
            sum += learner.drainLossSum();
        }
        final double mean = (sum - sumAtStart[world]) / (count - countAtStart[world]);
        sumAtStart[world] = sum;
        countAtStart[world] = count;
        return mean;
    }
}
