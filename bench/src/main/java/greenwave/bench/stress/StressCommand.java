package greenwave.bench.stress;

import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code greenwave-bench stress}. */
@Command(
        name = "stress",
        description =
                "Runs jcstress over the lock-free classes; exit code 1 if an outcome was forbidden."
                        + " Tests of more threads than CPUs are left out.",
        mixinStandardHelpOptions = true)
public final class StressCommand implements Callable<Integer> {
    private static final int CHECK_FAILED = 1;
    private static final List<String> MODES =
            List.of("sanity", "quick", "default", "tough", "stress");

    /** One configuration of the JVM, one fork, two iterations of 0.3 s. */
    private static final List<String> SHORT =
            List.of(
                    "-jvmArgs",
                    "-XX:-TieredCompilation",
                    "-f",
                    "1",
                    "-iters",
                    "2",
                    "-time",
                    "300",
                    "-sc",
                    "false");

    @Option(
            names = "--tests",
            paramLabel = "REGEX",
            defaultValue =
                    "greenwave\\.(bench\\.stress|engine\\.replay)\\.[A-Z]", // not .broken below
            description = "Which tests (default: all but those of classes wrong on purpose).")
    private String tests;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "default",
            description =
                    "How long: sanity, quick, default, tough or stress (default: ${DEFAULT-VALUE}).")
    private String mode;

    @Option(
            names = "--short",
            description = "Half a minute, one JVM configuration: what the build runs.")
    private boolean shortened;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "stress-report",
            description = "Where the report goes (default: ${DEFAULT-VALUE}).")
    private Path report;

    /** For picocli. */
    public StressCommand() {}

    @Override
    public Integer call() throws Exception {
        if (!MODES.contains(mode)) {
            throw new IllegalArgumentException(
                    "stress: --mode=%s, expected one of %s".formatted(mode, MODES));
        }
        checkPattern();
        final List<String> arguments =
                new ArrayList<>(List.of("-t", tests, "-m", mode, "-r", report.toString()));
        if (shortened) {
            arguments.addAll(SHORT);
        }
        final Options options = new Options(arguments.toArray(String[]::new));
        options.parse();
        final JCStress stress = new JCStress(options);
        if (stress.getTests().isEmpty()) {
            throw new IllegalArgumentException(
                    "stress: --tests=%s, expected part of a name such as %s"
                            .formatted(tests, SumTreeStress.TornPayload.class.getCanonicalName()));
        }
        try {
            stress.run();
            return 0;
        } catch (final AssertionError forbidden) { // how jcstress says so, once it has printed what
            return CHECK_FAILED;
        }
    }

    private void checkPattern() {
        try {
            Pattern.compile(tests);
        } catch (final PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "stress: --tests=%s, expected a regular expression: %s"
                            .formatted(tests, wrong.getDescription()),
                    wrong);
        }
    }
}
