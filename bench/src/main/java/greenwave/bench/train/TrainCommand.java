package greenwave.bench.train;

import greenwave.bench.BenchProcess;
import greenwave.bench.Dialogue;
import greenwave.bench.JsonFile;
import greenwave.bench.TempFolder;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code greenwave-bench train}. */
@Command(
        name = "train",
        description = {
            "Trains beside a Python peer, in turns of an episode per world: sumo-tools' traci stepped as sumo-rl"
                    + " does it and PyTorch's DQN, on the same network, demand and SUMO seeds, with the same"
                    + " settings, observations and rewards.",
            "After each turn one judge plays what either has learned on SUMO seeds 11 to 13, off the clock. The"
                    + " first turn, in which replays fill and code is compiled, counts for the time to a delay"
                    + " but not for decisions a second."
        },
        mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--scenario",
            paramLabel = "S",
            defaultValue = "cross",
            description = "A built-in scenario, or a .sumocfg file (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--worlds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Worlds at once (default: ${DEFAULT-VALUE}).")
    private int worlds;

    @Option(
            names = "--delay",
            paramLabel = "S",
            description =
                    "Delay to be reached, seconds per vehicle (default: MaxPressure's on the judge's"
                            + " seeds).")
    private Double delay;

    @Option(
            names = "--turns",
            paramLabel = "N",
            defaultValue = "30",
            description = "Most turns of either side (default: ${DEFAULT-VALUE}).")
    private int turns;

    @Option(
            names = "--rate-turns",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "Least turns of both, from which decisions a second are taken; with --turns no more"
                            + " than this nothing is judged (default: ${DEFAULT-VALUE}).")
    private int rateTurns;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of both sides' randomness (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public TrainCommand() {}

    @Override
    public Integer call() throws IOException {
        if (worlds < 1 || rateTurns < 1 || turns < rateTurns || seed < 0) {
            throw new IllegalArgumentException(
                    "train: --worlds=%d, --turns=%d, --rate-turns=%d, --seed=%d, expected >= 1, >= --rate-turns, >= 1, >= 0"
                            .formatted(worlds, turns, rateTurns, seed));
        }
        try (TempFolder folder = TempFolder.open("train");
                Scenario scenario = Scenarios.open(name)) {
            final TrainReport report = measure(scenario, folder);
            report.print(spec.commandLine().getOut());
            JsonFile.write(json, report);
            return 0;
        } catch (final SumoException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private TrainReport measure(final Scenario scenario, final TempFolder folder)
            throws IOException {
        final Course course = Course.of(name, scenario.sumo(), worlds, Settings.defaults(seed));
        final Path file = folder.resolve("course.json");
        JsonFile.write(file, course);
        final double target =
                delay != null ? delay : Judge.maxPressure(name, folder.resolve("eval.json"));
        final Optional<String> missing = Python.missing();
        try (Judge judge = new Judge(scenario.sumo(), course.settings());
                Trainee ours = new Trainee(() -> ours(file), folder.resolve("ours.safetensors"));
                Trainee theirs =
                        missing.isPresent()
                                ? null
                                : new Trainee(
                                        () -> Python.start(file),
                                        folder.resolve("theirs.safetensors"))) {
            train(judge, target, theirs == null ? List.of(ours) : List.of(ours, theirs));
            return TrainReport.of(course, target, ours, theirs, missing.orElse(null));
        }
    }

    private static Dialogue ours(final Path course) throws IOException {
        return new Dialogue(
                "train: ours",
                BenchProcess.java(
                        "",
                        List.of("-Xmx512m"),
                        GreenwaveTrainee.class.getName(),
                        List.of(course.toString())));
    }

    /** In turns, so that a slow spell of the machine meets both; who has got there rests. */
    private void train(final Judge judge, final double target, final List<Trainee> sides)
            throws IOException {
        for (int turn = 0; turn < turns; turn++) {
            boolean trained = false;
            for (final Trainee side : sides) {
                final boolean there = side.reached(target).isPresent();
                if (turn < rateTurns || !there) {
                    trained = true;
                    side.train(worlds);
                    if (turns > rateTurns) {
                        side.judged(judge);
                    }
                }
            }
            if (!trained) {
                return;
            }
        }
    }
}
