package greenwave.bench.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What a comparison found.
 *
 * @param net the network's name
 * @param threads of each side
 * @param train the gradient step
 * @param inference acting, by number of observations
 * @param peakGflops one core's peak of fused multiply-adds
 * @param ours our engine
 * @param theirs the peer
 */
record PeerReport(
        String net,
        int threads,
        @JsonUnwrapped Row train,
        List<Row> inference,
        @JsonProperty("peak_gflops") double peakGflops,
        String ours,
        String theirs) {
    /**
     * One task.
     *
     * @param batch rows
     * @param oursMicros median per run
     * @param theirsMicros median per run
     * @param ratio median of ours / theirs, pair by pair
     * @param ratioLow lower quartile
     * @param ratioHigh upper quartile
     * @param gflops ours
     * @param peakShare of {@code peak_gflops}
     * @param clean undisturbed pairs of rounds, which alone count if they are five or more
     * @param pairs all of them
     */
    record Row(
            int batch,
            @JsonProperty("ours_us") double oursMicros,
            @JsonProperty("theirs_us") double theirsMicros,
            @JsonProperty("ours_spread_percent") double oursSpread,
            @JsonProperty("theirs_spread_percent") double theirsSpread,
            double ratio,
            @JsonProperty("ratio_low") double ratioLow,
            @JsonProperty("ratio_high") double ratioHigh,
            double gflops,
            @JsonProperty("peak_share") double peakShare,
            int clean,
            int pairs) {
        static Row of(
                final int batch,
                final Comparison.Result result,
                final long flops,
                final double peakGflops) {
            final double gflops = flops / 1e3 / result.ours().median();
            return new Row(
                    batch,
                    result.ours().median(),
                    result.theirs().median(),
                    result.ours().spreadPercent(),
                    result.theirs().spreadPercent(),
                    result.ratio().median(),
                    result.ratio().low(),
                    result.ratio().high(),
                    gflops,
                    gflops / peakGflops,
                    result.clean(),
                    result.pairs());
        }

        private void print(final PrintWriter out, final String task) {
            out.printf(
                    Locale.ROOT,
                    "%-6s %5d %10.2f ±%4.1f%% %10.2f ±%4.1f%%   %5.3f [%5.3f, %5.3f] %8.1f %6.1f%% "
                            + "  %d/%d%n",
                    task,
                    batch,
                    oursMicros,
                    oursSpread,
                    theirsMicros,
                    theirsSpread,
                    ratio,
                    ratioLow,
                    ratioHigh,
                    gflops,
                    100 * peakShare,
                    clean,
                    pairs);
        }
    }

    void print(final PrintWriter out) {
        out.println("ours:   " + ours);
        out.println("theirs: " + theirs);
        out.printf(
                Locale.ROOT,
                "net %s, threads of each %d, medians of rounds in turn; ± half the middle half; peak"
                        + " of one core %.0f GFLOP/s%n%n",
                net,
                threads,
                peakGflops);
        out.println(
                "task   batch    ours µs            theirs µs            ratio  quartiles     "
                        + " GFLOP/s    peak   clean");
        train.print(out, "train");
        inference.forEach(row -> row.print(out, "act"));
        out.flush();
    }
}
