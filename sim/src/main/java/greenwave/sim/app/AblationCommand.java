package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code greenwave ablation}. */
@Command(
        name = "ablation",
        description = {
            "Trains with plain DQN, with each part of Rainbow alone and with all of them, once per seed,"
                    + " and compares the policies: ablation.json and ablation.md.",
            "A run that is finished is not repeated."
        })
final class AblationCommand implements Callable<Integer> {
    private static final Map<String, Map<String, Object>> VARIANTS = variants();

    @Option(
            names = "--scenario",
            paramLabel = "S",
            defaultValue = "cross",
            description =
                    "A built-in scenario, a folder or a .sumocfg file (default: ${DEFAULT-VALUE}).")
    private String scenario;

    @Option(
            names = "--seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            defaultValue = "1-3",
            description = "Training seeds (default: ${DEFAULT-VALUE}).")
    private Seeds seeds;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            description = "Episodes of each run (default: the scenario's).")
    private Integer episodes;

    @Option(
            names = "--eval-seeds",
            paramLabel = "SEEDS",
            converter = Seeds.Converter.class,
            defaultValue = Seeds.DEFAULT,
            description = "SUMO seeds to judge the policies on (default: ${DEFAULT-VALUE}).")
    private Seeds evalSeeds;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where to write.")
    private Path out;

    @Mixin private BackendOption backend;
    @Mixin private PortOption port;

    @Spec private CommandSpec spec;

    /**
     * How one variant did, in the shape of {@code ablation.json}.
     *
     * @param variant its name
     * @param settings in which it differs from the defaults
     * @param episodes of each run
     * @param delay median delays on the evaluation seeds, s per vehicle
     */
    @JsonPropertyOrder({"variant", "settings", "episodes", "delay"})
    record Row(String variant, Map<String, Object> settings, long episodes, SeedsReport delay) {}

    private static Map<String, Map<String, Object>> variants() {
        final Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
        variants.put("DQN", Map.of());
        variants.put("double", Map.of("double", true));
        variants.put("dueling", Map.of("dueling", true));
        variants.put("3-step", Map.of("n_step", 3));
        variants.put("prioritized", Map.of("prioritized", true));
        variants.put("noisy", Map.of("noisy", true));
        variants.put("C51", Map.of("distributional", "c51"));
        variants.put("Rainbow", Map.of("algorithm", "rainbow"));
        return variants;
    }

    @Override
    public Integer call() throws Exception {
        final PrintWriter console = spec.commandLine().getOut();
        final List<Row> rows = new ArrayList<>();
        try (Scenario opened = Scenarios.open(scenario)) {
            for (final Map.Entry<String, Map<String, Object>> variant : VARIANTS.entrySet()) {
                final List<Outcome> outcomes = new ArrayList<>();
                for (final int seed : seeds.values()) {
                    console.printf("%s, seed %d%n", variant.getKey(), seed);
                    outcomes.add(train(opened, variant, seed, console));
                }
                rows.add(
                        new Row(
                                variant.getKey(),
                                variant.getValue(),
                                settings(opened).integer("episodes", 0, Integer.MAX_VALUE),
                                SeedsReport.of("delay", outcomes)));
                Json.write(out.resolve("ablation.json"), rows);
                Files.writeString(out.resolve("ablation.md"), table(rows));
            }
        }
        console.print(table(rows));
        return 0;
    }

    /** {@return what all runs have in common} */
    private ConfigValues settings(final Scenario opened) throws IOException {
        final ConfigValues values = TrainConfig.valuesOf(opened);
        values.put("scenario", scenario, "--scenario");
        values.put("steps", episodes == null ? null : 0, "--episodes");
        values.put("episodes", episodes, "--episodes");
        values.put("checkpoint_every", 0, "ablation"); // a run that was stopped begins again
        return values;
    }

    private Outcome train(
            final Scenario opened,
            final Map.Entry<String, Map<String, Object>> variant,
            final int seed,
            final PrintWriter console)
            throws IOException {
        final ConfigValues values = settings(opened);
        values.put("seed", seed, "--seeds");
        variant.getValue().forEach((key, value) -> values.put(key, value, variant.getKey()));
        final Path folder = out.resolve(variant.getKey()).resolve(SeedsReport.folder(seed));
        final Path judged = folder.resolve("evaluation.json");
        if (Files.exists(judged)) { // the last file but the page: the run is finished
            final double delay =
                    Json.MAPPER.readTree(judged.toFile()).at("/0/median/delay").asDouble();
            return new Outcome(seed, delay, List.of());
        }
        final TrainConfig config = TrainConfig.of(values);
        try (RunDirectory files = RunDirectory.create(folder, values, ProgressCsv.Figures.TRIPS);
                ResumeHint hint = new ResumeHint(spec.commandLine().getErr(), folder)) {
            return new TrainJob(
                            opened,
                            opened.sumo(),
                            config,
                            port::apply,
                            files,
                            Optional.empty(),
                            hint,
                            console)
                    .run(evalSeeds);
        }
    }

    private String table(final List<Row> rows) {
        final StringBuilder table =
                new StringBuilder(
                        "| %s, %d episodes |".formatted(scenario, rows.getFirst().episodes()));
        seeds.values().forEach(seed -> table.append(" seed %d |".formatted(seed)));
        table.append(" mean |\n|---|")
                .append("---|".repeat(seeds.values().size() + 1))
                .append('\n');
        for (final Row row : rows) {
            table.append("| ").append(row.variant).append(" |");
            row.delay
                    .runs()
                    .forEach(
                            run ->
                                    table.append(
                                            String.format(Locale.ROOT, " %.2f |", run.figure())));
            table.append(String.format(Locale.ROOT, " %.2f |%n", row.delay.mean()));
        }
        return table.toString();
    }
}
