package greenwave.bench.peer;

import greenwave.bench.JsonFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    // Of the half million sums that 128 images send through a ReLU one or two are within rounding
    // of
    // its kink: their gradient is one side's or the other's. Few rows have none.
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
                    "Compares the gradients of a step and the losses of identical steps (at a"
                            + " learning rate by which libtorch, too, stays close to itself)"
                            + " instead of times; exit code 1 if a gradient differs by more than"
                            + " 1e-5 of the largest of its layer, or a loss by more than 1e-3 of"
                            + " itself. The gradients are those of at most 4 rows whatever --batch"
                            + " is: in a large batch a sum lies within rounding of a ReLU's kink,"
                            + " and its gradient is then one side's or the other's.")
    private boolean check;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Steps that --check takes (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "101",
            description = "Undisturbed pairs of rounds per task (default: ${DEFAULT-VALUE}).")
    private int pairs;

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
        requirePositive("--pairs", pairs);
        final Children sides = new Children(chosen, batch, threads, backend);
        return check ? compareNumbers(sides) : compareTimes(chosen, sides);
    }

    /** {@return whether libtorch is part of this build} */
    public static boolean built() {
        return Children.built();
    }

    private static void requirePositive(final String option, final int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "peers: %s=%d, expected >= 1".formatted(option, value));
        }
    }

    private int compareTimes(final PeerNet chosen, final Children sides) throws IOException {
        try (Child theirs = sides.libtorch(Recipe.TUTORIAL);
                Child ours = sides.greenwave(Recipe.TUTORIAL)) {
            final PeerReport report = times(chosen, ours, theirs);
            report.print(spec.commandLine().getOut());
            JsonFile.write(json, report);
        }
        return 0;
    }

    private PeerReport times(final PeerNet chosen, final Child ours, final Child theirs)
            throws IOException {
        final double peak = ours.peak();
        final Comparison.Result train = Comparison.of(ours, theirs, Task.TRAIN, pairs);
        final List<PeerReport.Row> acting = new ArrayList<>();
        for (final Task task : chosen.acting()) {
            final Comparison.Result result = Comparison.of(ours, theirs, task, pairs);
            final long flops = chosen.forwardFlops(task.rows());
            acting.add(PeerReport.Row.of(task.rows(), result, flops, peak));
        }
        return new PeerReport(
                net,
                threads,
                PeerReport.Row.of(batch, train, chosen.trainFlops(batch), peak),
                acting,
                peak,
                ours.describe(),
                theirs.describe());
    }

    private int compareNumbers(final Children sides) throws IOException {
        final int rows = Math.min(batch, GRADIENT_ROWS);
        final double gradients = gradientDifference(sides.withBatch(rows));
        final StepCheck result;
        try (Child theirs = sides.libtorch(Recipe.CURVES);
                Child beside = sides.nudgedLibtorch(Recipe.CURVES);
                Child ours = sides.greenwave(Recipe.CURVES)) {
            final PrintWriter out = spec.commandLine().getOut();
            out.println("ours:   " + ours.describe());
            out.println("theirs: " + theirs.describe());
            final double[] peer = theirs.losses(steps);
            final double[] own = ours.losses(steps);
            result =
                    new StepCheck(
                            net,
                            batch,
                            rows,
                            gradients,
                            steps,
                            own[0],
                            own[steps - 1],
                            Drift.of(own, peer),
                            Drift.of(beside.losses(steps), peer));
            result.print(out);
        }
        JsonFile.write(json, result);
        return result.agrees() ? 0 : CHECK_FAILED;
    }

    private static double gradientDifference(final Children sides) throws IOException {
        try (Child theirs = sides.libtorch(Recipe.TUTORIAL);
                Child ours = sides.greenwave(Recipe.TUTORIAL)) {
            return Gradients.largestDifference(ours.gradients(), theirs.gradients());
        }
    }
}
