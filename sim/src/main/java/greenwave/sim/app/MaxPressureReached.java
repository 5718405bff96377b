package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.sim.TripMetrics;

import java.util.Locale;

/**
 * When a run had become as good as MaxPressure, the strongest controller that needs no training in much of the literature.
 *
 * @param delay MaxPressure's mean delay on the validation seeds, s per vehicle
 * @param episodes of training before the first judgement that was no worse; null if there was none
 * @param wallSeconds of training before it, with the judgements; likewise
 */
@JsonPropertyOrder({"delay", "episodes", "wallSeconds"})
@JsonInclude(JsonInclude.Include.ALWAYS)
record MaxPressureReached(double delay, Long episodes, Double wallSeconds) {
    /** {@return when {@code validation} saw a policy as good as {@code maxPressure}, on the same seeds} */
    static MaxPressureReached of(final Validation validation, final EvalReport maxPressure) {
        final double delay = maxPressure.mean(TripMetrics::delay);
        return validation
                .reached(delay)
                .map(point -> new MaxPressureReached(delay, point.episode(), point.seconds()))
                .orElseGet(() -> new MaxPressureReached(delay, null, null));
    }

    @Override
    public String toString() {
        final String mean = "MaxPressure's mean delay on the validation seeds, %.2f s, was %s";
        return String.format(
                Locale.ROOT,
                mean,
                delay,
                episodes == null
                        ? "not reached"
                        : String.format(
                                Locale.ROOT,
                                "reached after %d episodes and %.1f s",
                                episodes,
                                wallSeconds));
    }
}
