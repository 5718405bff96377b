package greenwave.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far one loss curve leaves another.
 *
 * @param largest |one - other| / |other| of any step; NaN or infinite if a loss is
 * @param at the step where that is
 */
record Drift(
        @JsonProperty("largest_relative_difference") double largest,
        @JsonProperty("at_step") int at) {
    static Drift of(final double[] one, final double[] other) {
        double largest = 0;
        int at = 0;
        for (int step = 0; step < one.length; step++) {
            final double difference = Math.abs(one[step] - other[step]) / Math.abs(other[step]);
            if (!(difference <= largest)) { // negated: NaN is a difference, and stays the largest
                largest = difference;
                at = step;
            }
            if (Double.isNaN(largest)) {
                break;
            }
        }
        return new Drift(largest, at);
    }
}
