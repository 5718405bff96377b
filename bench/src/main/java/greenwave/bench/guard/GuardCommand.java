package greenwave.bench.guard;

import greenwave.bench.JsonFile;
import greenwave.bench.Quartiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code greenwave-bench guard}. */
@Command(
        name = "guard",
        description = {
            "Fails if a hot path has become slower or allocates: each is measured in turns with a floor that the"
                    + " machine sets (multiply-adds on registers, memory copied or read, SUMO alone), and the"
                    + " median of the ratios is compared with the one on record, which it may exceed by the"
                    + " recorded noise and 15 %%. Processor time counts, so that other work on the machine does"
                    + " not; allocation per operation is compared exactly.",
            "What fails is measured again in a JVM of its own, twice; only what fails each time is told."
        },
        mixinStandardHelpOptions = true)
public final class GuardCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int ATTEMPTS = 3;
    private static final double LEAST_NOISE = 0.05; // few runs see little of it

    @Option(names = "--quick", description = "Fewer rounds: about two minutes.")
    private boolean quick;

    @Option(
            names = "--baselines",
            paramLabel = "DIR",
            description = "Records by machine (default: those of the build, from bench/baselines).")
    private Path baselines;

    @Option(
            names = "--record",
            paramLabel = "N",
            description = "Measures N times and records that for this machine instead.")
    private Integer record;

    @Option(
            names = "--path",
            paramLabel = "NAME",
            description = "Only this path; may be given more than once.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--plant",
            paramLabel = "WHAT",
            defaultValue = "NOTHING",
            hidden = true,
            description = "SLOWDOWN or ALLOCATION in every path, to try the guard itself.")
    private Plant plant;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public GuardCommand() {}

    @Override
    public Integer call() throws IOException {
        final List<HotPath> paths =
                only.isEmpty()
                        ? List.of(HotPath.values())
                        : only.stream().map(HotPath::labelled).toList();
        if (record != null && record < 1) {
            throw new IllegalArgumentException(
                    "guard: --record=%d, expected >= 1".formatted(record));
        }
        return record == null ? compare(paths) : record(paths);
    }

    private Path folder() {
        if (baselines != null) {
            return baselines;
        }
        final String home = System.getProperty("greenwave.bench.home");
        return Path.of(home == null ? "bench" : home, "baselines");
    }

    private Guards.Effort effort() {
        return quick ? Guards.Effort.QUICK : Guards.Effort.FULL;
    }

    private int compare(final List<HotPath> paths) throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final List<Finding> findings = new ArrayList<>();
        Guards guards = new Guards();
        try {
            final Machine machine = guards.machine();
            final Baseline.Match match = Baseline.find(folder(), machine);
            match.note().ifPresent(note -> out.println("guard: " + note));
            out.println(
                    "path             µs of CPU    ratio           quartiles   record    limit"
                            + "   B/op");
            String family = paths.getFirst().family();
            for (final HotPath path : paths) {
                if (!path.family().equals(family)) {
                    family = path.family();
                    guards.close();
                    guards = new Guards();
                }
                findings.add(judge(guards, path, match));
                out.println(findings.getLast().line());
                out.flush();
            }
        } finally {
            guards.close();
        }
        JsonFile.write(json, findings);
        return findings.stream().allMatch(Finding::passes) ? 0 : FAILED;
    }

    private Finding judge(final Guards guards, final HotPath path, final Baseline.Match match)
            throws IOException {
        Finding finding = attempt(guards, path, match, 1);
        for (int attempt = 2; attempt <= ATTEMPTS && !finding.passes(); attempt++) {
            try (Guards fresh = new Guards()) {
                finding = finding.orBetter(attempt(fresh, path, match, attempt));
            }
        }
        return finding;
    }

    private Finding attempt(
            final Guards guards, final HotPath path, final Baseline.Match match, final int number)
            throws IOException {
        final Meter.Reading reading = guards.measure(path, effort(), plant, match.bytes(path));
        return Finding.of(path, reading, match, number);
    }

    private int record(final List<HotPath> paths) throws IOException {
        final Map<HotPath, List<Meter.Reading>> readings = new EnumMap<>(HotPath.class);
        for (int run = 0; run < record; run++) {
            for (final HotPath path : paths) {
                try (Guards guards = new Guards()) {
                    final Meter.Reading reading = guards.measure(path, effort(), plant, 0);
                    readings.computeIfAbsent(path, _ -> new ArrayList<>()).add(reading);
                    write(guards.machine(), readings);
                }
            }
        }
        return 0;
    }

    /** After each, so that a record that is cut short is one of fewer runs; paths that were not measured keep theirs. */
    private void write(final Machine machine, final Map<HotPath, List<Meter.Reading>> readings)
            throws IOException {
        final Path file = Baseline.file(folder(), machine);
        final Map<String, Baseline.Entry> entries = new LinkedHashMap<>();
        if (Files.exists(file)) {
            entries.putAll(JsonFile.read(file, Baseline.class).paths());
        }
        readings.forEach((path, all) -> entries.put(path.label(), entry(all)));
        Files.createDirectories(folder());
        final String jdk = Runtime.version().toString();
        JsonFile.write(file, new Baseline(machine.isa(), machine.cpu(), jdk, entries));
    }

    private static Baseline.Entry entry(final List<Meter.Reading> runs) {
        final double median =
                Quartiles.of(runs.stream().mapToDouble(run -> run.ratio().median())).median();
        final double largest =
                runs.stream().mapToDouble(run -> run.ratio().median()).max().orElseThrow();
        final long bytes = runs.stream().mapToLong(Meter.Reading::bytesPerOp).min().orElseThrow();
        return new Baseline.Entry(
                rounded(median), rounded(Math.max(LEAST_NOISE, largest / median - 1)), bytes);
    }

    private static double rounded(final double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
