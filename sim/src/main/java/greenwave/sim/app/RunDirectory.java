package greenwave.sim.app;

import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.dqn.SavedRun;
import greenwave.engine.io.AtomicFile;
import greenwave.engine.io.EventFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of one training run. */
final class RunDirectory implements AutoCloseable {
    private static final String POLICY = "policy.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String PROGRESS = "progress.csv";
    private static final String SETTINGS = "config.yaml";
    private static final double MILLIS = 1000; // per second

    private final Path folder;
    private final ProgressCsv.Figures figures;
    private final String settings;
    private final ProgressCsv progress;
    private final EventFile events;
    private final LearningCurve curve;
    private final List<ProgressCsv.Row> episodes = new ArrayList<>();

    private RunDirectory(
            final Path folder,
            final ProgressCsv.Figures figures,
            final ConfigValues settings,
            final ProgressCsv progress)
            throws IOException {
        this.folder = folder;
        this.figures = figures;
        this.settings = settings.toYaml();
        this.progress = progress;
        AtomicFile.write(folder.resolve(SETTINGS), this.settings.getBytes(StandardCharsets.UTF_8));
        final Path tensorboard = Files.createDirectories(folder.resolve("tensorboard"));
        final double now = now();
        this.events =
                new EventFile(
                        tensorboard.resolve(
                                "events.out.tfevents.%d.greenwave".formatted((long) now)),
                        now);
        this.curve = new LearningCurve(figures.label(), figures.window());
    }

    /**
     * Creates the folder where it is missing and writes the resolved {@code settings}.
     *
     * @throws IllegalArgumentException if {@code folder} is a file, or holds a run that is finished or can be
     *     resumed, which stays as it is
     */
    static RunDirectory create(
            final Path folder, final ConfigValues settings, final ProgressCsv.Figures figures)
            throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("out=%s, expected a folder".formatted(folder));
        }
        if (Files.exists(folder.resolve(POLICY))) {
            throw new IllegalArgumentException(
                    "out=%s holds a finished run, expected another folder".formatted(folder));
        }
        if (holdsRun(folder)) {
            throw new IllegalArgumentException(
                    "out=%s holds a run with checkpoints, expected another folder, or --resume %s"
                            .formatted(folder, folder));
        }
        Files.createDirectories(folder);
        return begin(folder, settings, figures);
    }

    private static RunDirectory begin(
            final Path folder, final ConfigValues settings, final ProgressCsv.Figures figures)
            throws IOException {
        final ProgressCsv progress = new ProgressCsv(folder.resolve(PROGRESS), figures);
        return new RunDirectory(folder, figures, settings, progress);
    }

    /**
     * {@return the settings of the run in {@code folder}}
     *
     * @throws IllegalArgumentException if there is none
     */
    static ConfigValues settings(final Path folder) throws IOException {
        final Path file = folder.resolve(SETTINGS);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "resume=%s, expected the folder of a run, with its %s"
                            .formatted(folder, SETTINGS));
        }
        final ConfigValues settings = TrainConfig.defaultValues();
        settings.putFile(file, TrainConfig.KEYS);
        return settings;
    }

    /** Goes on with a run where {@code saved} stood, or from its beginning if it was never saved. */
    static RunDirectory resume(
            final Path folder,
            final ConfigValues settings,
            final ProgressCsv.Figures figures,
            final Optional<SavedRun> saved)
            throws IOException {
        if (saved.isEmpty()) {
            return begin(folder, settings, figures);
        }
        final ProgressCsv progress =
                new ProgressCsv(folder.resolve(PROGRESS), figures, saved.get().notes());
        final RunDirectory run = new RunDirectory(folder, figures, settings, progress);
        progress.rows().forEach(run::keep);
        return run;
    }

    /** {@return {@code runs/NAME}, or the first of {@code runs/NAME-2}, ... that holds no run yet} */
    static Path unused(final String name) {
        Path folder = Path.of("runs", name);
        for (int i = 2; holdsRun(folder); i++) {
            folder = Path.of("runs", name + "-" + i);
        }
        return folder;
    }

    private static boolean holdsRun(final Path folder) {
        return Files.exists(folder.resolve(POLICY))
                || Files.exists(folder.resolve("seeds.json"))
                || Files.exists(checkpoints(folder));
    }

    /** {@return where the run in {@code folder} is saved} */
    static Path checkpoints(final Path folder) {
        return folder.resolve("checkpoints");
    }

    /** {@return the folder} */
    Path folder() {
        return folder;
    }

    /** {@return where the policy goes} */
    Path policy() {
        return folder.resolve(POLICY);
    }

    /** {@return where the policy of a run goes that fails; it does not make the run a finished one} */
    Path unfinishedPolicy() {
        return folder.resolve("unfinished.safetensors");
    }

    /** {@return the table of episodes} */
    ProgressCsv progress() {
        return progress;
    }

    /** {@return where the best weights are kept while training goes on} */
    Path best() {
        return folder.resolve(BEST);
    }

    /** {@return the table of judgements} */
    Path evaluations() {
        return folder.resolve("evaluation.csv");
    }

    /** {@return training episodes so far} */
    int episodes() {
        return progress.episodes();
    }

    /** {@return the figure that counts, per training episode} */
    List<Double> curve() {
        return curve.figures();
    }

    /** Takes note of an ended episode. */
    void record(final EpisodeReport episode) {
        progress.add(episode);
        final ProgressCsv.Row row = ProgressCsv.Row.of(episode, figures);
        keep(row);
        final Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/" + figures.metric(), row.figure());
        scalars.put("train/reward", row.reward());
        scalars.put("train/epsilon", row.epsilon());
        scalars.put("train/loss", row.loss());
        scalars.values().removeIf(value -> Double.isNaN(value)); // cut off; or no update yet
        plot(episode.envSteps(), scalars);
    }

    private void keep(final ProgressCsv.Row row) {
        curve.add(row.figure());
        if (!Double.isNaN(row.figure())) {
            episodes.add(row);
        }
    }

    /** Takes note of a judgement of the greedy policy. */
    void recordValidation(final long envSteps, final double figure) {
        plot(envSteps, Map.of("validation/" + figures.metric(), figure));
    }

    private void plot(final long envSteps, final Map<String, Double> scalars) {
        try {
            events.scalars(now(), envSteps, scalars);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double now() {
        return System.currentTimeMillis() / MILLIS;
    }

    /** Writes the curve's picture and the page about the run. */
    void writeReport(
            final String title,
            final List<Validation.Point> validation,
            final Optional<MaxPressureReached> maxPressure,
            final List<EvalReport> judged,
            final Map<String, List<PhaseLog.Stretch>> phases)
            throws IOException {
        curve.write(folder.resolve("learning-curve.png"), title);
        final RunReport report =
                new RunReport(
                        title,
                        figures,
                        episodes,
                        validation,
                        maxPressure,
                        judged,
                        phases,
                        settings);
        Files.writeString(folder.resolve("report.html"), report.toHtml());
    }

    /** Writes {@code content} as JSON. */
    void writeJson(final String name, final Object content) throws IOException {
        Json.write(folder.resolve(name), content);
    }

    @Override
    public void close() throws IOException {
        progress.close();
        events.close();
    }
}
