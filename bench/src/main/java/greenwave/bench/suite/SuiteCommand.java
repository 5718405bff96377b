package greenwave.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.bench.JsonFile;
import greenwave.bench.guard.GuardCommand;
import greenwave.bench.peer.PeersCommand;
import greenwave.bench.replay.ReplayCommand;
import greenwave.bench.sumo.SumoCommand;
import greenwave.bench.train.TrainCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
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
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code greenwave-bench suite}. */
@Command(
        name = "suite",
        description = {
            "Measures everything: steps beside libtorch (if the build has it), training beside Python, worlds"
                    + " beside SUMO alone, replay beside other designs, and the guard. Leaves results.json, a page"
                    + " index.html that needs no network, its charts as PNG, and the README's tables.",
            "A part that fails is noted, and the exit code is 1."
        },
        mixinStandardHelpOptions = true)
public final class SuiteCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final String RESULTS = "results.json";

    @Option(names = "--quick", description = "Fewer rounds: about twelve minutes.")
    private boolean quick;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where it is left.")
    private Path out;

    @Option(
            names = "--only",
            paramLabel = "PREFIX",
            split = ",",
            description =
                    "Only parts whose names begin so, such as train or sumo-cross; other parts of an earlier run in DIR"
                            + " are kept.")
    private List<String> only = new ArrayList<>();

    @Spec private CommandSpec spec;

    /** A measurement by its name: a command of its own, and what it is told. */
    private record Part(String name, Callable<Integer> command, List<String> arguments) {}

    /** For picocli. */
    public SuiteCommand() {}

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        final Map<String, JsonNode> measured = new LinkedHashMap<>();
        final Map<String, String> problems = new LinkedHashMap<>();
        final Path file = out.resolve(RESULTS);
        final Results earlier =
                only.isEmpty() || !Files.exists(file) ? null : JsonFile.read(file, Results.class);
        final MachineInfo machine = MachineInfo.here();
        if (!PeersCommand.built()) {
            problems.put(
                    "peers",
                    "built without libtorch; build it with: mvn -q -Ppeers -DskipTests package");
        }
        for (final Part part : parts()) {
            if (only.isEmpty() || only.stream().anyMatch(part.name()::startsWith)) {
                measure(part, measured, problems);
            } else if (earlier != null && earlier.part(part.name()).isPresent()) {
                measured.put(part.name(), earlier.part(part.name()).get());
            }
            write(new Results(machine, quick, measured, problems, Map.of()).tabulated());
        }
        return problems.keySet().stream().allMatch("peers"::equals) ? 0 : FAILED;
    }

    private List<Part> parts() {
        final List<Part> parts = new ArrayList<>();
        if (PeersCommand.built()) {
            final String pairs = "--pairs=" + (quick ? 31 : 101);
            for (final int batch : new int[] {32, 128, 512}) {
                parts.add(peers("mlp", batch, pairs));
            }
            parts.add(peers("conv", 128, pairs));
            parts.add(peers("two", 128, pairs));
        }
        for (final int worlds : new int[] {1, 2, 4, 8}) {
            parts.add(sumo("cross", worlds));
        }
        parts.add(sumo("grid4x4", 1));
        parts.add(train(1, quick ? 12 : 40, 4));
        parts.add(quick ? train(2, 3, 3) : train(2, 20, 4));
        parts.add(
                new Part(
                        "replay",
                        new ReplayCommand(),
                        quick ? List.of("--quick", "--rounds=1") : List.of("--rounds=3")));
        parts.add(new Part("guard", new GuardCommand(), quick ? List.of("--quick") : List.of()));
        return parts;
    }

    private static Part peers(final String net, final int batch, final String pairs) {
        return new Part(
                "peers-%s-%d".formatted(net, batch),
                new PeersCommand(),
                List.of("--net=" + net, "--batch=" + batch, pairs));
    }

    private Part sumo(final String scenario, final int worlds) {
        return new Part(
                "sumo-%s-%d".formatted(scenario, worlds),
                new SumoCommand(),
                List.of(
                        "--scenario=" + scenario,
                        "--worlds=" + worlds,
                        "--rounds=" + (quick ? 2 : 5),
                        "--seconds=" + (quick ? 600 : 1800)));
    }

    private static Part train(final int worlds, final int turns, final int rateTurns) {
        return new Part(
                "train-cross-" + worlds,
                new TrainCommand(),
                List.of("--worlds=" + worlds, "--turns=" + turns, "--rate-turns=" + rateTurns));
    }

    private void measure(
            final Part part,
            final Map<String, JsonNode> measured,
            final Map<String, String> problems)
            throws IOException {
        final PrintWriter console = spec.commandLine().getOut();
        console.printf("%n--- %s%n", part.name());
        console.flush();
        final Path json = Files.createTempFile("greenwave-bench-suite", ".json");
        final List<String> arguments = new ArrayList<>(part.arguments());
        arguments.add("--json=" + json);
        final String[] why = {"failed, see the console"};
        final int code =
                new CommandLine(part.command())
                        .setOut(console)
                        .setErr(spec.commandLine().getErr())
                        .setExecutionExceptionHandler(
                                (problem, _, _) -> {
                                    why[0] = problem.toString();
                                    return FAILED;
                                })
                        .execute(arguments.toArray(String[]::new));
        if (Files.size(json) > 0) {
            measured.put(part.name(), JsonFile.read(json, JsonNode.class));
        }
        if (code != 0) {
            problems.put(part.name(), why[0]);
            console.println(why[0]);
        }
        Files.delete(json);
    }

    /** After each part, so that one that hangs costs no other. */
    private void write(final Results results) throws IOException {
        JsonFile.write(out.resolve(RESULTS), results);
        final Map<String, byte[]> charts = Charts.of(results);
        for (final Map.Entry<String, byte[]> chart : charts.entrySet()) {
            Files.write(out.resolve(chart.getKey() + ".png"), chart.getValue());
        }
        Files.writeString(out.resolve("index.html"), Page.of(results, charts));
        final StringBuilder tables = new StringBuilder();
        results.tables()
                .forEach(
                        (name, table) -> {
                            tables.append("<!-- results: %s -->%n".formatted(name));
                            Readme.lines(table).forEach(line -> tables.append(line).append('\n'));
                            tables.append('\n');
                        });
        Files.writeString(out.resolve("tables.md"), tables);
    }
}
