package greenwave.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Two loss curves beside each other.
 *
 * @param steps their length
 * @param first our first loss
 * @param last our last
 * @param largestDifference the largest |ours - theirs| / |theirs| of a step; NaN or infinite if a loss is
 * @param at the step where that is
 */
record LossCheck(
        String net,
        int batch,
        int steps,
        double first,
        double last,
        @JsonProperty("largest_relative_difference") double largestDifference,
        @JsonProperty("at_step") int at) {
    static LossCheck of(
            final String net, final int batch, final double[] ours, final double[] theirs) {
        double largest = 0;
        int at = 0;
        for (int step = 0; step < ours.length; step++) {
            final double difference = Math.abs(ours[step] - theirs[step]) / Math.abs(theirs[step]);
            if (!(difference <= largest)) { // negated: NaN is a difference, and stays the largest
                largest = difference;
                at = step;
            }
            if (Double.isNaN(largest)) {
                break;
            }
        }
        return new LossCheck(net, batch, ours.length, ours[0], ours[ours.length - 1], largest, at);
    }
}
