package greenwave.sim.app;

import greenwave.engine.dqn.Checkpoints;
import greenwave.engine.dqn.SavedRun;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoConfig;
import greenwave.sim.app.ProgressCsv.Figures;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code greenwave train}. */
@Command(
        name = "train",
        description = {
            "Trains a controller and judges it against the network's fixed-time program on seeds "
                    + "that training never draws.",
            "Settings: defaults, then the scenario's config.yaml, then --protocol, then --config, then"
                    + " flags.",
            "A run saves itself as it goes; --resume continues one that was stopped, to the last bit"
                    + " as if it never had been.",
            "Memory: heap at most 512 MB; off the heap, for each remembered decision, 4 bytes per"
                    + " number that a signal sees, one per action, and 36 (52 to 68 if prioritized):"
                    + " 18 MB for 100,000 decisions at cross. The run prints its own budget, which"
                    + " summary.json holds, too."
        })
final class TrainCommand implements Callable<Integer> {
    /** One of the two, or neither. */
    static final class Length {
        @Option(
                names = "--episodes",
                paramLabel = "N",
                description = "Episodes to train, over all worlds.")
        private Integer episodes;

        @Option(
                names = "--steps",
                paramLabel = "N",
                description = "Decisions to train, over all worlds.")
        private Integer steps;
    }

    @Option(
            names = "--scenario",
            paramLabel = "S",
            description =
                    "A built-in scenario, a folder or a .sumocfg file (default: cross); or cartpole,"
                            + " cartpole-pixels.")
    private String scenario;

    @Option(names = "--config", paramLabel = "FILE.yaml", description = "Settings.")
    private Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting as in --config, such as --set algorithm=rainbow or --set"
                            + " 'hidden=[64, 64]'; any number of times.")
    private Map<String, String> settings = Map.of();

    /** One of the two, or neither. */
    static final class Randomness {
        @Option(names = "--seed", paramLabel = "N", description = "Fixes the run (default: 1).")
        private Long seed;

        @Option(
                names = "--seeds",
                paramLabel = "SEEDS",
                converter = Seeds.Converter.class,
                description = "Train once for each, such as 1-5, and report mean, band and each.")
        private Seeds seeds;
    }

    @ArgGroup(exclusive = true)
    private final Randomness randomness = new Randomness();

    @ArgGroup(exclusive = true)
    private final Length length = new Length();

    @Option(names = "--worlds", paramLabel = "N", description = "SUMO worlds side by side.")
    private Integer worlds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the run is written (default: runs/SCENARIO-seedN).")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Continues the run in DIR from its newest checkpoint, with its settings; only"
                            + " --episodes, --steps and how it is saved may differ.")
    private Path resume;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "E",
            description = "Episodes between checkpoints; 0 saves none (default: 10).")
    private Integer checkpointEvery;

    @Option(
            names = "--keep-checkpoints",
            paramLabel = "N",
            description = "How many of the newest checkpoints stay (default: 2).")
    private Integer keepCheckpoints;

    @Option(
            names = "--eval-seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            defaultValue = Seeds.DEFAULT,
            description = "SUMO seeds to judge the final policy on (default: ${DEFAULT-VALUE}).")
    private Seeds evalSeeds;

    @Option(
            names = "--on-crash",
            paramLabel = "replay|truncate",
            description =
                    "What becomes of an episode whose SUMO is lost: it is played again up to where it"
                            + " was, or cut off (default: replay).")
    private String onCrash;

    @Option(
            names = "--eval-every",
            paramLabel = "K",
            description =
                    "Judge the greedy policy every K episodes and keep the best one; 0 keeps the last"
                            + " (default: 5).")
    private Integer evalEvery;

    @Option(
            names = "--validation-seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            description = "SUMO seeds to do so on, not those of --eval-seeds (default: 11-13).")
    private Seeds validationSeeds;

    @Option(
            names = "--target-delay",
            paramLabel = "S",
            description = "Stop once their mean delay is at most S seconds per vehicle.")
    private Double targetDelay;

    @Option(
            names = "--protocol",
            paramLabel = "resco",
            description =
                    "Conditions of a published benchmark: resco is a decision every 10 s, 3 s of yellow,"
                            + " one hour, 100 episodes.")
    private Optional<String> protocol = Optional.empty();

    @Mixin private BackendOption backend;
    @Mixin private PortOption port;
    @Mixin private TransportOption transport;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (resume != null) {
            resume();
        } else {
            start();
        }
        return 0;
    }

    private void start() throws IOException {
        // The scenario is named by a flag or by --config, and brings settings that rank below both.
        final String name = override(TrainConfig.defaultValues()).text("scenario");
        final Optional<CartPoleTask> cart = CartPoleTask.labelled(name);
        if (cart.isPresent()) {
            final CartPoleTask task = cart.get();
            runAll(
                    task.label(),
                    Figures.STEPS,
                    task::defaults,
                    (config, files) -> play(task, config, files, Optional.empty()));
            return;
        }
        try (Scenario opened = Scenarios.open(name)) {
            runAll(
                    opened.sumo().name(),
                    Figures.TRIPS,
                    () -> TrainConfig.valuesOf(opened),
                    (config, files) -> train(opened, config, files, Optional.empty()));
        }
    }

    private void resume() throws IOException {
        if (randomness.seeds != null) {
            throw new IllegalArgumentException(
                    "--seeds: seeds=%s, expected none with --resume, which goes on with one run"
                            .formatted(randomness.seeds));
        }
        if (out != null && !out.toAbsolutePath().equals(resume.toAbsolutePath())) {
            throw new IllegalArgumentException(
                    "--out: out=%s, expected the folder of the run, %s".formatted(out, resume));
        }
        final ConfigValues values = RunDirectory.settings(resume);
        values.putUnchanged(override(new ConfigValues()), TrainConfig.MAY_CHANGE);
        final TrainConfig config = TrainConfig.of(values);
        final String name = values.text("scenario");
        final Optional<SavedRun> saved = Checkpoints.in(RunDirectory.checkpoints(resume)).newest();
        final Optional<CartPoleTask> cart = CartPoleTask.labelled(name);
        if (cart.isPresent()) {
            goOn(saved, Figures.STEPS, values, files -> play(cart.get(), config, files, saved));
            return;
        }
        try (Scenario opened = Scenarios.open(name)) {
            goOn(saved, Figures.TRIPS, values, files -> train(opened, config, files, saved));
        }
    }

    private void goOn(
            final Optional<SavedRun> saved,
            final Figures figures,
            final ConfigValues values,
            final Rest rest)
            throws IOException {
        try (RunDirectory files = RunDirectory.resume(resume, values, figures, saved)) {
            console()
                    .println(
                            saved.map(run -> "resumed after episode " + run.episodes())
                                    .orElse("no checkpoint yet: the run begins again"));
            rest.run(files);
        }
        console().printf("run written to %s%n", resume.toAbsolutePath().normalize());
    }

    private Outcome play(
            final CartPoleTask task,
            final TrainConfig config,
            final RunDirectory files,
            final Optional<SavedRun> saved)
            throws IOException {
        try (ResumeHint hint = new ResumeHint(spec.commandLine().getErr(), files.folder())) {
            final Outcome outcome =
                    new CartPoleJob(task, config, files, saved, hint, console()).run(evalSeeds);
            hint.finished();
            return outcome;
        }
    }

    private Outcome train(
            final Scenario opened,
            final TrainConfig config,
            final RunDirectory files,
            final Optional<SavedRun> saved)
            throws IOException {
        try (ResumeHint hint = new ResumeHint(spec.commandLine().getErr(), files.folder())) {
            final Outcome outcome =
                    new TrainJob(
                                    opened,
                                    shortened(opened),
                                    config,
                                    worlds -> transport.apply(port.apply(worlds)),
                                    files,
                                    saved,
                                    hint,
                                    console())
                            .run(evalSeeds);
            hint.finished();
            return outcome;
        }
    }

    private SumoConfig shortened(final Scenario opened) {
        return protocol.map(Protocol::labelled)
                .map(one -> one.apply(opened.sumo()))
                .orElse(opened.sumo());
    }

    /** Settings that rank below those of the command line. */
    @FunctionalInterface
    private interface Defaults {
        ConfigValues get() throws IOException;
    }

    /** Trains with one seed. */
    @FunctionalInterface
    private interface Job {
        Outcome run(TrainConfig config, RunDirectory files) throws IOException;
    }

    /** Trains from where a run was saved to its end. */
    @FunctionalInterface
    private interface Rest {
        Outcome run(RunDirectory files) throws IOException;
    }

    private void runAll(
            final String name, final Figures figures, final Defaults defaults, final Job job)
            throws IOException {
        if (randomness.seeds == null) {
            final ConfigValues values = override(defaults.get());
            final String run = name + "-seed" + TrainConfig.of(values).seed();
            runOne(out != null ? out : RunDirectory.unused(run), figures, values, job);
            return;
        }
        final String run = name + "-seeds" + randomness.seeds;
        final Path folder = out != null ? out : RunDirectory.unused(run);
        final List<Outcome> outcomes = new ArrayList<>();
        for (final int seed : randomness.seeds.values()) {
            final ConfigValues values = override(defaults.get());
            values.put("seed", seed, "--seeds");
            outcomes.add(runOne(folder.resolve(SeedsReport.folder(seed)), figures, values, job));
        }
        SeedsReport.write(folder, run, figures.metric(), figures.label(), outcomes, console());
    }

    private Outcome runOne(
            final Path folder, final Figures figures, final ConfigValues values, final Job job)
            throws IOException {
        final TrainConfig config = TrainConfig.of(values);
        final Outcome outcome;
        try (RunDirectory files = RunDirectory.create(folder, values, figures)) {
            outcome = job.run(config, files);
        }
        console().printf("run written to %s%n", folder.toAbsolutePath().normalize());
        return outcome;
    }

    private PrintWriter console() {
        return spec.commandLine().getOut();
    }

    private ConfigValues override(final ConfigValues values) throws IOException {
        protocol.map(Protocol::labelled).ifPresent(one -> one.apply(values));
        if (configFile != null) {
            values.putFile(configFile, TrainConfig.KEYS);
        }
        for (final Map.Entry<String, String> setting : settings.entrySet()) {
            values.putYaml(setting.getKey(), setting.getValue(), "--set", TrainConfig.KEYS);
        }
        values.put("scenario", scenario, "--scenario");
        values.put("seed", randomness.seed, "--seed");
        values.put("worlds", worlds, "--worlds");
        values.put("on_crash", onCrash, "--on-crash");
        values.put("steps", length.episodes == null ? null : 0, "--episodes");
        values.put("episodes", length.episodes, "--episodes");
        values.put("steps", length.steps, "--steps");
        values.put("checkpoint_every", checkpointEvery, "--checkpoint-every");
        values.put("keep_checkpoints", keepCheckpoints, "--keep-checkpoints");
        values.put("eval_every", evalEvery, "--eval-every");
        values.put(
                "validation_seeds",
                validationSeeds == null ? null : validationSeeds.values(),
                "--validation-seeds");
        values.put("target_delay", targetDelay, "--target-delay");
        return values;
    }
}
