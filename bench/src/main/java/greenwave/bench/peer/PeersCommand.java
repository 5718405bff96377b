package greenwave.bench.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code greenwave-bench peers}. */
@Command(
        name = "peers",
        description = {
            "Times a DQN gradient step and greedy action beside libtorch called from Java: same"
                    + " data, same first weights, in turns. libtorch's images are f32 before the clock starts,"
                    + " ours are scaled from u8 in the step.",
            "libtorch is part of the build only with: mvn -q -Ppeers -DskipTests package"
        },
        mixinStandardHelpOptions = true)
public final class PeersCommand implements Callable<Integer> {
    private static final int CHECK_FAILED = 1;
    private static final double LOSS_TOLERANCE = 1e-3;
    private static final double GRADIENT_TOLERANCE = 1e-5;
    // Of the half million sums that a batch of images sends through a ReLU one or two lie within
    // rounding of its kink, and
    // their gradient is the one or the other side's. Few rows have none there.
    private static final int GRADIENT_ROWS = 4;

    @Option(
            names = "--net",
            required = true,
            paramLabel = "NET",
            description =
                    "Which network: mlp (4-128-128-2), conv (3x40x90, three convolutions with batch"
                            + " normalisation), two (1x84x84 and 16 numbers).")
    private String net;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Transitions per gradient step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "Our backend (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Compute threads of each side (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--check",
            description =
                    "Compares the gradients of a step and the losses of identical steps"
                            + " instead of times; exit code 1 if a gradient differs by more than"
                            + " 1e-5 of the largest of its layer, or a loss by more than 1e-3 of"
                            + " the first.")
    private boolean check;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Steps that --check takes (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public PeersCommand() {}

    @Override
    public Integer call() throws IOException {
        final PeerNet chosen = PeerNet.of(net);
        requirePositive("--batch", batch);
        requirePositive("--threads", threads);
        requirePositive("--steps", steps);
        final double gradients = check ? gradientDifference(chosen) : 0;
        try (Child theirs = Children.libtorch(chosen, batch, threads);
                Child ours = Children.greenwave(chosen, batch, threads, backend)) {
            return check
                    ? compareNumbers(gradients, ours, theirs)
                    : compareTimes(chosen, ours, theirs);
        }
    }

    /** How far the gradients of one step on few rows are apart. */
    private double gradientDifference(final PeerNet chosen) throws IOException {
        final int rows = Math.min(batch, GRADIENT_ROWS);
        try (Child theirs = Children.libtorch(chosen, rows, threads);
                Child ours = Children.greenwave(chosen, rows, threads, backend)) {
            return Gradients.largestDifference(ours.gradients(), theirs.gradients());
        }
    }

    private static void requirePositive(final String option, final int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "peers: %s=%d, expected >= 1".formatted(option, value));
        }
    }

    private int compareTimes(final PeerNet chosen, final Child ours, final Child theirs)
            throws IOException {
        final double peak = ours.peak();
        final Comparison.Result train = Comparison.of(ours, theirs, Task.TRAIN);
        final List<PeerReport.Row> acting = new ArrayList<>();
        for (final Task task : chosen.acting()) {
            final Comparison.Result result = Comparison.of(ours, theirs, task);
            final long flops = chosen.forwardFlops(task.rows());
            acting.add(PeerReport.Row.of(task.rows(), result, flops, peak));
        }
        final PeerReport report =
                new PeerReport(
                        net,
                        threads,
                        PeerReport.Row.of(batch, train, chosen.trainFlops(batch), peak),
                        acting,
                        peak,
                        ours.describe(),
                        theirs.describe());
        report.print(spec.commandLine().getOut());
        writeJson(report);
        return 0;
    }

    private int compareNumbers(final double gradients, final Child ours, final Child theirs)
            throws IOException {
        final StepCheck result =
                StepCheck.of(net, batch, gradients, ours.losses(steps), theirs.losses(steps));
        final boolean close =
                result.largestDifference() <= LOSS_TOLERANCE
                        && result.gradientDifference() <= GRADIENT_TOLERANCE;
        final PrintWriter out = spec.commandLine().getOut();
        out.println("ours:   " + ours.describe());
        out.println("theirs: " + theirs.describe());
        out.printf(
                Locale.ROOT,
                "net %s, batch %d: gradients of a step on %d rows differ by %.1e of the largest of"
                        + " their layer, expected <= %.0e%n",
                net,
                batch,
                Math.min(batch, GRADIENT_ROWS),
                result.gradientDifference(),
                GRADIENT_TOLERANCE);
        out.printf(
                Locale.ROOT,
                "losses of %d steps, first %.6f, last %.6f; largest difference"
                        + " %.1e of the first at step %d, expected <= %.0e: %s%n",
                steps,
                result.first(),
                result.last(),
                result.largestDifference(),
                result.at(),
                LOSS_TOLERANCE,
                close ? "they agree" : "they differ");
        writeJson(result);
        return close ? 0 : CHECK_FAILED;
    }

    private void writeJson(final Object result) throws IOException {
        if (json != null) {
            final ObjectMapper mapper =
                    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(json, mapper.writeValueAsString(result) + System.lineSeparator());
        }
    }
}
