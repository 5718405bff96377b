package greenwave.sim.app;

import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.env.EpisodeEnd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code progress.csv}: one line per training episode, written as it ends. All columns but the last
 * three, which hold wall-clock figures, are fixed by the seed. While it is open, no other run opens it.
 */
final class ProgressCsv implements AutoCloseable {
    private static final String HEADER =
            "episode,world,%s,env_steps,updates,epsilon,loss,reward,%s,wall_seconds,env_steps_per_s,updates_per_s";

    /** What a line says of an episode. */
    enum Figures {
        /** Those of SUMO's trips. */
        TRIPS(
                "delay, s per vehicle",
                10,
                "sumo_seed",
                "delay,waiting,time_loss,duration,finished,scheduled,gridlock",
                List.of(
                        "delay",
                        "waiting",
                        "timeLoss",
                        "duration",
                        "finished",
                        "scheduled",
                        "gridlock"),
                "%.6f,%.6f,%.6f,%.6f,%.0f,%.0f,%.0f"),
        /** Those of a cart. */
        STEPS("steps", 100, "seed", "steps", List.of("steps"), "%.0f");

        private final String label;
        private final int window;
        private final String seed;
        private final String headers;
        private final List<String> names;
        private final String formats;

        Figures(
                final String label,
                final int window,
                final String seed,
                final String headers,
                final List<String> names,
                final String formats) {
            this.label = label;
            this.window = window;
            this.seed = seed;
            this.headers = headers;
            this.names = names;
            this.formats = formats;
        }

        /** {@return the name of the figure that counts} */
        String metric() {
            return names.getFirst();
        }

        /** {@return that figure and its unit, for a reader} */
        String label() {
            return label;
        }

        /** {@return episodes over which it is averaged for a reader} */
        int window() {
            return window;
        }

        private String of(final Map<String, Double> metrics) {
            return String.format(Locale.ROOT, formats, names.stream().map(metrics::get).toArray());
        }
    }

    /**
     * What a picture shows of an episode.
     *
     * @param figure the one that counts; NaN if the episode was cut off
     */
    record Row(double figure, double reward, double loss, double epsilon) {
        static Row of(final EpisodeReport episode, final Figures figures) {
            return new Row(
                    episode.end().metrics().get(figures.metric()),
                    episode.end().totalReward(),
                    episode.meanLoss(),
                    episode.epsilon());
        }

        private static Row of(
                final List<String> names, final String[] values, final Figures figures) {
            return new Row(
                    value(names, values, figures.headers.split(",")[0]),
                    value(names, values, "reward"),
                    value(names, values, "loss"),
                    value(names, values, "epsilon"));
        }

        private static double value(
                final List<String> names, final String[] values, final String name) {
            return Double.parseDouble(values[names.indexOf(name)]);
        }
    }

    private static final String BYTES = "progress.bytes";
    private static final String EPISODES = "progress.episodes";
    private static final String SECONDS = "progress.seconds";

    private final Path file;
    private final FileChannel out;
    private final Figures figures;
    private final long startNanos = System.nanoTime();
    private double secondsBefore; // the run was resumed
    private int episodes;

    /** Starts a table. */
    ProgressCsv(final Path file, final Figures figures) throws IOException {
        this.file = file;
        this.figures = figures;
        this.out = lock(file);
        out.truncate(0);
        write(HEADER.formatted(figures.seed, figures.headers));
    }

    /**
     * Goes on with a table as {@link #notes} told; what was written after that is dropped.
     *
     * @throws IOException if the file is not the one that was noted
     */
    ProgressCsv(final Path file, final Figures figures, final Map<String, String> notes)
            throws IOException {
        this.file = file;
        this.figures = figures;
        this.out = lock(file);
        final long bytes = Long.parseLong(notes.get(BYTES));
        this.episodes = Integer.parseInt(notes.get(EPISODES));
        this.secondsBefore = Double.parseDouble(notes.get(SECONDS));
        if (out.size() < bytes) {
            final long size = out.size();
            out.close();
            throw new IOException(
                    "%s: bytes=%d, expected the %d that were there at the checkpoint"
                            .formatted(file, size, bytes));
        }
        out.truncate(bytes).position(bytes);
    }

    private static FileChannel lock(final Path file) throws IOException {
        final FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (final OverlappingFileLockException e) {
            // this process holds it
        }
        channel.close();
        throw new IllegalArgumentException(
                "%s: another run is writing it, expected none".formatted(file));
    }

    /** {@return wall-clock time of the run so far, before it was resumed too} */
    double seconds() {
        return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
    }

    /** Appends the line of an ended episode. */
    void add(final EpisodeReport episode) {
        final EpisodeEnd end = episode.end();
        final double seconds = seconds();
        try {
            write(
                    String.format(
                            Locale.ROOT,
                            "%d,%d,%d,%d,%d,%.6f,%.6g,%.6f,%s,%.3f,%.1f,%.1f",
                            ++episodes,
                            end.world(),
                            end.seed(),
                            episode.envSteps(),
                            episode.updates(),
                            episode.epsilon(),
                            episode.meanLoss(),
                            end.totalReward(),
                            figures.of(end.metrics()),
                            seconds,
                            episode.envSteps() / seconds,
                            episode.updates() / seconds));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(final String line) throws IOException {
        final ByteBuffer bytes =
                ByteBuffer.wrap((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** {@return how many episodes have ended} */
    int episodes() {
        return episodes;
    }

    /** {@return the lines so far} */
    List<Row> rows() throws IOException {
        final List<String> lines = Files.readAllLines(file);
        final List<String> names = List.of(lines.getFirst().split(","));
        return lines.stream().skip(1).map(line -> Row.of(names, line.split(","), figures)).toList();
    }

    /** {@return what a checkpoint holds of the table, whose lines have reached the disk} */
    Map<String, String> notes() throws IOException {
        out.force(true);
        return Map.of(
                BYTES,
                Long.toString(out.position()),
                EPISODES,
                Integer.toString(episodes),
                SECONDS,
                Double.toString(seconds()));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
