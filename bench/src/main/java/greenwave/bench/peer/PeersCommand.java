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
                    + " data, same first weights, one thread each, in turns.",
            "libtorch is part of the build only with: mvn -q -Ppeers -DskipTests package"
        },
        mixinStandardHelpOptions = true)
public final class PeersCommand implements Callable<Integer> {
    private static final int CHECK_FAILED = 1;
    private static final int CHECKED_STEPS = 1_000;
    private static final double LOSS_TOLERANCE = 1e-3;

    @Option(
            names = "--net",
            required = true,
            paramLabel = "NET",
            description = "Which network: mlp (4-128-128-2).")
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
            names = "--check",
            description =
                    "Compares the losses of 1,000 identical steps instead of times; exit code 1 if"
                            + " any differs by more than 1e-3 of itself.")
    private boolean check;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public PeersCommand() {}

    @Override
    public Integer call() throws IOException {
        final PeerNet chosen = PeerNet.of(net);
        if (batch < 1) {
            throw new IllegalArgumentException("peers: --batch=%d, expected >= 1".formatted(batch));
        }
        try (Child theirs = Children.libtorch(chosen, batch);
                Child ours = Children.greenwave(chosen, batch, backend)) {
            return check ? compareLosses(ours, theirs) : compareTimes(chosen, ours, theirs);
        }
    }

    private int compareTimes(final PeerNet chosen, final Child ours, final Child theirs)
            throws IOException {
        final double peak = ours.peak();
        final Comparison.Result train = Comparison.of(ours, theirs, Task.TRAIN);
        final List<PeerReport.Row> acting = new ArrayList<>();
        for (final Task task : List.of(Task.ACT_1, Task.ACT_8, Task.ACT_64)) {
            final Comparison.Result result = Comparison.of(ours, theirs, task);
            final long flops = chosen.forwardFlops(task.rows());
            acting.add(PeerReport.Row.of(task.rows(), result, flops, peak));
        }
        final PeerReport report =
                new PeerReport(
                        net,
                        PeerReport.Row.of(batch, train, chosen.trainFlops(batch), peak),
                        acting,
                        peak,
                        ours.describe(),
                        theirs.describe());
        report.print(spec.commandLine().getOut());
        writeJson(report);
        return 0;
    }

    private int compareLosses(final Child ours, final Child theirs) throws IOException {
        final LossCheck result =
                LossCheck.of(net, batch, ours.losses(CHECKED_STEPS), theirs.losses(CHECKED_STEPS));
        final boolean close = result.largestDifference() <= LOSS_TOLERANCE;
        final PrintWriter out = spec.commandLine().getOut();
        out.println("ours:   " + ours.describe());
        out.println("theirs: " + theirs.describe());
        out.printf(
                Locale.ROOT,
                "net %s, batch %d: losses of %d steps, first %.6f, last %.6f; largest relative"
                        + " difference %.1e at step %d, expected <= %.0e: %s%n",
                net,
                batch,
                CHECKED_STEPS,
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
