package greenwave.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * The numbers of two engines beside each other.
 *
 * @param gradientRows how many rows the gradients are taken over; few, so that no ReLU among them decides by rounding
 * @param gradientDifference {@link Gradients#largestDifference} of a step on these
 * @param steps the length of the loss curves
 * @param first our first loss
 * @param last our last
 * @param drift of our losses from theirs
 * @param peerDrift of their losses from their own, started from weights one rounding apart: no engine can be closer than that
 */
record StepCheck(
        String net,
        int batch,
        @JsonProperty("gradient_rows") int gradientRows,
        @JsonProperty("gradient_difference") double gradientDifference,
        int steps,
        double first,
        double last,
        @JsonUnwrapped Drift drift,
        @JsonProperty("libtorch_beside_itself") Drift peerDrift) {
    private static final double LOSS_TOLERANCE = 1e-3;
    private static final double GRADIENT_TOLERANCE = 1e-5;

    boolean agrees() {
        return drift.largest() <= LOSS_TOLERANCE && gradientDifference <= GRADIENT_TOLERANCE;
    }

    void print(final PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "net %s, batch %d: gradients of a step on %d rows differ by %.1e of the largest of"
                        + " their layer, expected <= %.0e%n",
                net,
                batch,
                gradientRows,
                gradientDifference,
                GRADIENT_TOLERANCE);
        out.printf(
                Locale.ROOT,
                "losses of %d steps, first %.6f, last %.6f; largest relative difference %.1e at step"
                        + " %d, expected <= %.0e: %s%n",
                steps,
                first,
                last,
                drift.largest(),
                drift.at(),
                LOSS_TOLERANCE,
                agrees() ? "they agree" : "they differ");
        out.printf(
                Locale.ROOT,
                "libtorch beside itself, from first weights one rounding apart: %.1e at step %d%n",
                peerDrift.largest(),
                peerDrift.at());
        out.flush();
    }
}
