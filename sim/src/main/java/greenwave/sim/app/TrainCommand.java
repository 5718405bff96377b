package greenwave.sim.app;

import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code greenwave train}. */
@Command(
        name = "train",
        description = {
            "Trains a controller and judges it against the network's fixed-time program on seeds "
                    + "that training never draws.",
            "Settings: defaults, then the scenario's config.yaml, then --config, then flags."
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
            description = "A built-in scenario, a folder or a .sumocfg file (default: cross).")
    private String scenario;

    @Option(names = "--config", paramLabel = "FILE.yaml", description = "Settings.")
    private Path configFile;

    @Option(names = "--seed", paramLabel = "N", description = "Fixes the run (default: 1).")
    private Long seed;

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
            names = "--eval-seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            defaultValue = Seeds.DEFAULT,
            description = "SUMO seeds to judge the policy on (default: ${DEFAULT-VALUE}).")
    private Seeds evalSeeds;

    @Mixin private PortOption port;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        final PrintWriter console = spec.commandLine().getOut();
        // The scenario is named by a flag or by --config, and brings settings that rank below both.
        final String name = override(TrainConfig.defaultValues()).text("scenario");
        try (Scenario opened = Scenarios.open(name)) {
            final ConfigValues values = override(TrainConfig.valuesOf(opened));
            final TrainConfig config = TrainConfig.of(values);
            final String run = opened.sumo().name() + "-seed" + config.seed();
            final Path folder = out != null ? out : RunDirectory.unused(run);
            try (RunDirectory files = RunDirectory.create(folder, values)) {
                new TrainJob(opened, config, port, files, console).run(evalSeeds);
            }
            console.printf("run written to %s%n", folder.toAbsolutePath().normalize());
        }
        return 0;
    }

    private ConfigValues override(final ConfigValues values) throws IOException {
        if (configFile != null) {
            values.putFile(configFile, TrainConfig.KEYS);
        }
        values.put("scenario", scenario, "--scenario");
        values.put("seed", seed, "--seed");
        values.put("worlds", worlds, "--worlds");
        values.put("steps", length.episodes == null ? null : 0, "--episodes");
        values.put("episodes", length.episodes, "--episodes");
        values.put("steps", length.steps, "--steps");
        return values;
    }
}
