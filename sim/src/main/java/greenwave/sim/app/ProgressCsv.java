package greenwave.sim.app;

import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.env.EpisodeEnd;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * {@code progress.csv}: one line per training episode, written as it ends. All columns but the last
 * three, which hold wall-clock figures, are fixed by the seed.
 */
final class ProgressCsv implements AutoCloseable {
    private static final String HEADER =
            "episode,world,sumo_seed,env_steps,updates,epsilon,loss,reward,delay,waiting,time_loss,"
                    + "duration,finished,scheduled,gridlock,wall_seconds,env_steps_per_s,updates_per_s";

    private final BufferedWriter out;
    private final long startNanos = System.nanoTime();
    private int episodes;

    ProgressCsv(final Path file) throws IOException {
        out = Files.newBufferedWriter(file);
        out.write(HEADER);
        out.newLine();
        out.flush();
    }

    /** Appends the line of an ended episode. */
    void add(final EpisodeReport episode) {
        final EpisodeEnd end = episode.end();
        final Map<String, Double> metrics = end.metrics();
        final double seconds = (System.nanoTime() - startNanos) / 1e9;
        try {
            out.write(
                    String.format(
                            Locale.ROOT,
                            "%d,%d,%d,%d,%d,%.6f,%.6g,%.6f,%.6f,%.6f,%.6f,%.6f,%.0f,%.0f,%.0f,%.3f,%.1f,%.1f",
                            ++episodes,
                            end.world(),
                            end.seed(),
                            episode.envSteps(),
                            episode.updates(),
                            episode.epsilon(),
                            episode.meanLoss(),
                            end.totalReward(),
                            metrics.get("delay"),
                            metrics.get("waiting"),
                            metrics.get("timeLoss"),
                            metrics.get("duration"),
                            metrics.get("finished"),
                            metrics.get("scheduled"),
                            metrics.get("gridlock"),
                            seconds,
                            episode.envSteps() / seconds,
                            episode.updates() / seconds));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
