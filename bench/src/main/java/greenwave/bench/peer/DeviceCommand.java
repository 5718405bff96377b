package greenwave.bench.peer;

import greenwave.bench.Quartiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** {@code greenwave-bench device}. */
@Command(
        name = "device",
        description = {
            "Times whole updates on a device, draw and priorities included: a line NET BATCH"
                    + " MICROSECONDS for each case, the median of the repeats.",
            "With --curve, compares the losses of as many steps of the perceptron with those of"
                    + " another backend; exit code 1 if they are more than 1e-3 apart."
        },
        mixinStandardHelpOptions = true)
public final class DeviceCommand implements Callable<Integer> {
    private static final double LARGEST_DRIFT = 1e-3;
    private static final int CURVE_BATCH = 128;

    private record Case(PeerNet net, int batch, int capacity) {}

    private static final List<Case> CASES =
            List.of(
                    new Case(PeerNet.MLP, 128, 10_000),
                    new Case(PeerNet.MLP, 512, 10_000),
                    new Case(PeerNet.MLP, 4096, 10_000),
                    new Case(PeerNet.TWO, 256, 2_000));

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "cuda:0",
            description = "Where to compute (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Option(
            names = "--net",
            paramLabel = "NAME",
            description = "The network to time: mlp or two (default: both).")
    private String net;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "9",
            description = "Timings of a case (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(
            names = "--updates",
            paramLabel = "N",
            defaultValue = "500",
            description = "Updates in a timing (default: ${DEFAULT-VALUE}).")
    private int updates;

    @Option(
            names = "--curve",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "Steps whose losses are compared (default: none).")
    private int curve;

    @Option(
            names = "--beside",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "The backend they are compared with (default: ${DEFAULT-VALUE}).")
    private String beside;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        for (final Case one : CASES) {
            if (net == null || PeerNet.of(net) == one.net) {
                out.printf("%s %d %.1f%n", one.net, one.batch, microseconds(one));
            }
        }
        if (curve == 0) {
            return 0;
        }
        final Drift drift = Drift.of(losses(backend), losses(beside));
        out.printf("curve %d %.2e%n", curve, drift.largest());
        return drift.largest() <= LARGEST_DRIFT ? 0 : 1;
    }

    private double microseconds(final Case one) {
        try (ReplayedUpdates work =
                new ReplayedUpdates(one.net, one.batch, one.capacity, backend)) {
            work.seconds(updates); // not timed
            return Quartiles.of(
                            IntStream.range(0, repeats)
                                    .mapToDouble(_ -> work.seconds(updates) / updates * 1e6))
                    .median();
        }
    }

    /** The losses of the perceptron on batches of its own, step by step. */
    private double[] losses(final String on) {
        final double[] losses = new double[curve];
        try (GreenwaveSubject subject =
                new GreenwaveSubject(PeerNet.MLP, CURVE_BATCH, on, Recipe.CURVES)) {
            for (int step = 0; step < curve; step++) {
                subject.load(TransitionBatch.of(PeerNet.MLP, CURVE_BATCH, step));
                losses[step] = subject.trainStepLoss();
            }
        }
        return losses;
    }
}
