package greenwave.sim.app;

import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.dqn.Progress;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.PrintWriter;

/**
 * Shows how far a training run is: a bar with the time left on a terminal, otherwise one plain line
 * per tenth of the run.
 */
final class ProgressDisplay implements AutoCloseable {
    private static final int LINES = 10;
    private static final int TICKS = 1000;

    private final PrintWriter out;
    private final String metric;
    private final ProgressBar bar;
    private String lastEpisode = "first episode";
    private String lastJudged = "";
    private int linesShown;

    /** {@code out} takes the plain lines; a bar goes to the terminal. {@code metric} is what is shown of an episode. */
    ProgressDisplay(final PrintWriter out, final String metric) {
        this.out = out;
        this.metric = metric;
        final boolean terminal = System.console() != null && System.console().isTerminal();
        this.bar =
                !terminal
                        ? null
                        : new ProgressBarBuilder()
                                .setTaskName("train")
                                .setInitialMax(TICKS)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(500)
                                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                                .build();
    }

    /** Takes reward and metric from an ended episode. */
    void episode(final EpisodeReport episode) {
        lastEpisode =
                "reward %.1f  %s %.1f"
                        .formatted(
                                episode.end().totalReward(),
                                metric,
                                episode.end().metrics().get(metric));
    }

    /** Takes the latest delay on validation seeds. */
    void judged(final Validation validation) {
        lastJudged =
                "  greedy %.1f s, best %.1f s"
                        .formatted(validation.points().getLast().delay(), validation.best());
    }

    /** Shows the state of the run. */
    void update(final Progress progress) {
        final String figures =
                "%s%s  %,.0f env steps/s  %,.0f updates/s"
                        .formatted(
                                lastEpisode,
                                lastJudged,
                                progress.envStepsPerSecond(),
                                progress.updatesPerSecond());
        if (bar != null) {
            bar.stepTo(Math.round(TICKS * progress.fraction()));
            bar.setExtraMessage(" " + figures);
            return;
        }
        final int lines = (int) (LINES * progress.fraction());
        if (lines > linesShown) {
            linesShown = lines;
            out.printf(
                    "%3.0f %%  %s  %.0f s left%n",
                    100 * progress.fraction(),
                    figures,
                    progress.seconds() * (1 / progress.fraction() - 1));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
