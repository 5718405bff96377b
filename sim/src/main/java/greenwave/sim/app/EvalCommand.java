package greenwave.sim.app;

import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoConfig;

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
            paramLabel = "POLICY",
            required = true,
            description = {
                "A trained policy (.safetensors, or the folder of a run), or one of:",
                "fixed: the network's own programs; actuated: SUMO's, detector-gap 1 s; greedy: the"
                        + " green with the most vehicles (max wave); max-pressure: Varaiya 2013;"
                        + " random greens."
            })
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

    @Option(
            names = "--protocol",
            paramLabel = "resco",
            description =
                    "Conditions of a published benchmark: resco is a decision every 10 s, 3 s of yellow,"
                            + " one hour.")
    private Optional<String> protocol = Optional.empty();

    @Mixin private BackendOption backend;
    @Mixin private PortOption port;
    @Mixin private TransportOption transport;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        final PrintWriter console = spec.commandLine().getOut();
        final Optional<CartPoleTask> cart = CartPoleTask.labelled(scenario);
        if (cart.isPresent()) {
            final CartPoleTask.Report report = CartPoleJob.evaluate(cart.get(), policy, seeds);
            console.printf(
                    "%s: mean steps on %d seeds %.1f%n",
                    report.controller(), seeds.values().size(), report.mean());
            if (json != null) {
                Json.write(json, report);
            }
            return 0;
        }
        try (Scenario opened = Scenarios.open(scenario)) {
            final Optional<Protocol> conditions = protocol.map(Protocol::labelled);
            final SumoConfig sumo =
                    conditions.map(one -> one.apply(opened.sumo())).orElse(opened.sumo());
            final Evaluation evaluation =
                    new Evaluation(
                            sumo,
                            seeds,
                            worlds -> transport.apply(port.apply(worlds)),
                            csv,
                            Optional.empty());
            final ConfigValues values = TrainConfig.valuesOf(opened);
            conditions.ifPresent(one -> one.apply(values));
            final TrainConfig config = TrainConfig.of(values);
            final Optional<Baseline> baseline = Baseline.labelled(policy);
            final EvalReport report =
                    baseline.isPresent()
                            ? evaluation.of(baseline.get(), config.timing(), config.signals())
                            : evaluation.ofFile(Path.of(policy));
            report.print(console);
            if (json != null) {
                Json.write(json, report);
            }
        }
        return 0;
    }
}
