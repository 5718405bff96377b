package greenwave.bench.replay;

import greenwave.bench.JsonFile;

import org.openjdk.jmh.runner.RunnerException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code greenwave-bench replay}. */
@Command(
        name = "replay",
        description =
                "Measures prioritized replay at 2^20 slots in batches of 128, beside other designs of"
                        + " the tree: each round runs every design once, in a JVM of its own.",
        mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is run; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--quick", description = "Shorter rounds.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public ReplayCommand() {}

    @Override
    public Integer call() throws IOException, RunnerException {
        if (rounds < 1) {
            throw new IllegalArgumentException(
                    "replay: --rounds=%d, expected >= 1".formatted(rounds));
        }
        final ReplayReport report = ReplayReport.measure(rounds, quick);
        report.print(spec.commandLine().getOut());
        JsonFile.write(json, report.published());
        return 0;
    }
}
