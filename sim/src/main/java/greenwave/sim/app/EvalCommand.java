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

    @Mixin private PortOption port;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        final PrintWriter console = spec.commandLine().getOut();
        try (Scenario opened = Scenarios.open(scenario)) {
            final Evaluation evaluation = new Evaluation(opened.sumo(), seeds, port);
            final EvalReport report =
                    switch (policy) {
                        case "fixed" -> evaluation.ofFixedTime();
                        case "random" ->
                                evaluation.ofRandom(
                                        TrainConfig.of(TrainConfig.valuesOf(opened)).timing());
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
