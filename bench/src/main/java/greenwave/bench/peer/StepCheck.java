package greenwave.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The numbers of two engines beside each other.
 *
 * @param gradientDifference {@link Gradients#largestDifference} of a step on few rows
 * @param steps the length of the loss curves
 * @param first our first loss
 * @param last our last
 * @param largestDifference the largest |ours - theirs| of a step, relative to the first loss: once a batch is learned by heart, its
 *     loss is rounding; NaN or infinite if a loss is
 * @param at the step where that is
 */
record StepCheck(
        String net,
        int batch,
        @JsonProperty("gradient_difference") double gradientDifference,
        int steps,
        double first,
        double last,
        @JsonProperty("largest_relative_difference") double largestDifference,
        @JsonProperty("at_step") int at) {
    static StepCheck of(
            final String net,
            final int batch,
            final double gradientDifference,
            final double[] ours,
            final double[] theirs) {
        double largest = 0;
        int at = 0;
        for (int step = 0; step < ours.length; step++) {
            final double difference = Math.abs(ours[step] - theirs[step]) / Math.abs(theirs[0]);
            if (!(difference <= largest)) { // negated: NaN is a difference, and stays the largest
                largest = difference;
                at = step;
            }
            if (Double.isNaN(largest)) {
                break;
            }
        }
        return new StepCheck(
                net,
                batch,
                gradientDifference,
                ours.length,
                ours[0],
                ours[ours.length - 1],
                largest,
                at);
    }
}
