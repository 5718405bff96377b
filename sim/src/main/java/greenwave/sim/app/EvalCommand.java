package greenwave.sim.app;

import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code greenwave eval}. */
@Command(
        name = "eval",
        description = {
            "Plays whole episodes on given SUMO seeds and reports, per seed and as medians, seconds"
                    + " per scheduled vehicle.",
            "delay = time loss + departure delay; vehicles that did not finish or never entered "
                    + "count as well."
        })
final class EvalCommand implements Callable<Integer> {
    @Option(
            names = "--scenario",
            paramLabel = "S",
            defaultValue = "cross",
            description =
                    "A built-in scenario, a folder or a .sumocfg file (default: ${DEFAULT-VALUE}).")
    private String scenario;

    @Option(
            names = "--policy",
            paramLabel = "FILE|fixed|random",
            required = true,
            description =
                    "A trained policy (.safetensors), the network's own programs, or random"
                            + " actions.")
    private String policy;

    @Option(
            names = "--seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            defaultValue = Seeds.DEFAULT,
            description = "SUMO seeds, such as 1-5 or 1,7,9 (default: ${DEFAULT-VALUE}).")
    private Seeds seeds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the report as JSON.")
    private Path json;

    @Option(
            names = "--csv",
            paramLabel = "PREFIX",
            description =
                    "Also writes sumo-rl's metrics, a row per decision, to PREFIX_connWORLD_epEPISODE.csv.")
    private Optional<Path> csv = Optional.empty();

    @Mixin private PortOption port;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        final PrintWriter console = spec.commandLine().getOut();
        try (Scenario opened = Scenarios.open(scenario)) {
            final Evaluation evaluation = new Evaluation(opened.sumo(), seeds, port, csv);
            final EvalReport report =
                    switch (policy) {
                        case "fixed" -> evaluation.ofFixedTime();
                        case "random" -> {
                            final TrainConfig config = TrainConfig.of(TrainConfig.valuesOf(opened));
                            yield evaluation.ofRandom(config.timing(), config.signals());
                        }
                        default -> evaluation.ofFile(Path.of(policy));
                    };
            report.print(console);
            if (json != null) {
                Json.write(json, report);
            }
        }
        return 0;
    }
}
