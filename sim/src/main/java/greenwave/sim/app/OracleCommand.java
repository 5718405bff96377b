package greenwave.sim.app;

import greenwave.sim.SumoException;
import greenwave.sim.oracle.Oracle;
import greenwave.sim.oracle.OracleReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code greenwave oracle}. */
@Command(
        name = "oracle",
        description = {
            "Replays recordings of other programs' environments through Greenwave's own and compares"
                    + " value by value: observations exactly as float32, integers exactly, doubles"
                    + " within 1e-9.",
            "Exit code 1 if anything differs, 2 if a recording can't be used."
        })
final class OracleCommand implements Callable<Integer> {
    private static final String ROW = "%-40s %6d rows %9d values %7d mismatches%s%n";

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE.jsonl.gz",
            description = "Recordings; their networks are looked for in the folders above them.")
    private List<Path> files;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "The folder that the paths in the recordings start from.")
    private Optional<Path> root = Optional.empty();

    @Mixin private TransportOption transport;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        final Oracle oracle = new Oracle(root, transport.transport());
        boolean differs = false;
        boolean unusable = false;
        for (final Path file : files) {
            try {
                final OracleReport report = oracle.compare(file);
                print(out, report);
                differs |= report.failed();
            } catch (final IllegalArgumentException | SumoException e) {
                Main.refuse(spec.commandLine().getErr(), e.getMessage());
                unusable = true;
            }
        }
        return unusable ? Main.BAD_INPUT : differs ? 1 : 0;
    }

    private static void print(final PrintWriter out, final OracleReport report) {
        out.printf(
                ROW,
                report.file().getFileName(),
                report.rows(),
                report.values(),
                report.mismatches(),
                report.excuse().isEmpty() ? "" : "  (need not match)");
        if (report.mismatches() > 0) {
            out.printf("    first difference: %s%n", report.firstDifference());
        }
        out.flush();
    }
}
