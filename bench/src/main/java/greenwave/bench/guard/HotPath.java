package greenwave.bench.guard;

import com.sun.management.ThreadMXBean;

import greenwave.bench.FmaPeak;
import greenwave.bench.jmh.ActBenchmark;
import greenwave.bench.jmh.DecisionBenchmark;
import greenwave.bench.jmh.DecodeBenchmark;
import greenwave.bench.jmh.TrainStepBenchmark;
import greenwave.bench.peer.PeerNet;
import greenwave.bench.replay.Design;
import greenwave.bench.replay.GatherBenchmark;
import greenwave.bench.replay.SumTreeBenchmark;
import greenwave.bench.sumo.EpisodeDuel;
import greenwave.sim.wire.RecordedAnswers;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Supplier;

/** What is guarded: the JMH benchmarks of the hot paths, each with its floor. */
enum HotPath {
    /** Gradient step of the perceptron; a floor of as many multiply-adds, as in all of the networks. */
    TRAIN_MLP("train mlp/128", () -> train("mlp/128")),
    /** One greedy action. */
    ACT_MLP_1("act mlp/1", () -> act("mlp/1")),
    /** 64 of them. */
    ACT_MLP_64("act mlp/64", () -> act("mlp/64")),
    /** Gradient step of the convolutions. */
    TRAIN_CONV("train conv/128", () -> train("conv/128")),
    /** One greedy action, seen on a picture. */
    ACT_CONV_1("act conv/1", () -> act("conv/1")),
    /** Gradient step of the convolutions beside a vector. */
    TRAIN_TWO("train two/128", () -> train("two/128")),
    /** One greedy action, seen on a picture and in numbers; a floor of a copy of its weights, which no inner cache holds. */
    ACT_TWO_1("act two/1", HotPath::actBesideCopy),
    /**
     * 128 pairs of a draw and an update in a tree of 2^20; a floor of multiply-adds, for sixteen numbers are summed at each
     * level. Random reads of as much memory are no floor: they take 0.5 to 1.4 us from start to start, by the pages that the
     * system hands out, while the tree stays within 3 %.
     */
    TREE("sum tree", HotPath::tree),
    /** 128 transitions drawn, gathered, updated; a floor of 128 rows copied from as much memory. */
    GATHER("gather", HotPath::gather),
    /** The answers of one decision; a floor of a copy of their bytes. */
    DECODE("decode", HotPath::decode),
    /** A window of {@code cross}; a floor of SUMO alone on the same traffic. */
    DECISION("decision", HotPath::decision);

    private static final int TREE_CAPACITY = 1 << 20;
    private static final int GATHER_CAPACITY = 1 << 17;
    private static final int TRANSITION_BYTES = 576;
    private static final int TWO_WEIGHTS = 1_713_892;

    private final String label;
    private final Supplier<Duel> maker;

    HotPath(final String label, final Supplier<Duel> maker) {
        this.label = label;
        this.maker = maker;
    }

    /** {@return the name under which its baseline is kept} */
    String label() {
        return label;
    }

    /** {@return the path called {@code label}} */
    static HotPath labelled(final String label) {
        return Arrays.stream(values())
                .filter(path -> path.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "guard: --path=%s, expected one of %s"
                                                .formatted(
                                                        label,
                                                        Arrays.stream(values())
                                                                .map(HotPath::label)
                                                                .toList())));
    }

    /** {@return it beside its floor} */
    Duel open() {
        return maker.get();
    }

    /** {@return what it shares a JVM with: paths of one network, or none} */
    String family() {
        final int slash = label.indexOf('/');
        return slash < 0 ? label : label.substring(label.indexOf(' ') + 1, slash);
    }

    /** {@return whether one operation takes long, so that fewer are made} */
    boolean isLong() {
        return this == DECISION || this == TRAIN_CONV || this == TRAIN_TWO;
    }

    private static Duel.Allocation ofThisThread() {
        return threads()::getCurrentThreadAllocatedBytes;
    }

    private static ThreadMXBean threads() {
        return (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    private static Duel alone(
            final Runnable path, final Runnable floor, final AutoCloseable resources) {
        return new Duel(path, floor, 1, Clock.thread(), path, ofThisThread(), resources);
    }

    private static Duel train(final String step) {
        final TrainStepBenchmark benchmark = new TrainStepBenchmark();
        benchmark.backend = "cpu";
        benchmark.step = step;
        benchmark.open();
        final String[] parts = step.split("/");
        final long flops = PeerNet.of(parts[0]).trainFlops(Integer.parseInt(parts[1]));
        final TrainStepBenchmark small = new TrainStepBenchmark(); // thousands of steps in no time
        small.backend = "cpu";
        small.step = parts[0] + "/4";
        small.open();
        return arithmetic(
                benchmark::trainStep,
                small::trainStep,
                flops,
                () -> {
                    small.close();
                    benchmark.close();
                });
    }

    private static Duel act(final String act) {
        final ActBenchmark benchmark = new ActBenchmark();
        benchmark.backend = "cpu";
        benchmark.act = act;
        benchmark.open();
        final String[] parts = act.split("/");
        final long flops = PeerNet.of(parts[0]).forwardFlops(Integer.parseInt(parts[1]));
        return arithmetic(benchmark::act, benchmark::act, flops, benchmark::close);
    }

    private static Duel actBesideCopy() {
        final ActBenchmark benchmark = new ActBenchmark();
        benchmark.backend = "cpu";
        benchmark.act = "two/1";
        benchmark.open();
        return alone(
                benchmark::act, Floors.copy((long) TWO_WEIGHTS * Float.BYTES), benchmark::close);
    }

    private static Duel arithmetic(
            final Runnable path,
            final Runnable allocating,
            final long flops,
            final AutoCloseable resources) {
        return new Duel(
                path,
                Floors.multiplyAdds(),
                (double) flops / FmaPeak.flopsPerRun(),
                Clock.thread(),
                allocating,
                ofThisThread(),
                resources);
    }

    private static Duel tree() {
        final SumTreeBenchmark benchmark = new SumTreeBenchmark();
        final SumTreeBenchmark.Shared shared = new SumTreeBenchmark.Shared();
        shared.design = Design.GREENWAVE.name();
        shared.capacity = TREE_CAPACITY;
        shared.open();
        final SumTreeBenchmark.LearnerState learner = new SumTreeBenchmark.LearnerState();
        learner.open(shared);
        return alone(() -> benchmark.lone(learner), Floors.multiplyAdds(), shared::close);
    }

    private static Duel gather() {
        final GatherBenchmark benchmark = new GatherBenchmark();
        benchmark.capacity = GATHER_CAPACITY;
        benchmark.open();
        return alone(
                benchmark::gather,
                Floors.rows((long) GATHER_CAPACITY * TRANSITION_BYTES, TRANSITION_BYTES),
                benchmark::close);
    }

    private static Duel decode() {
        final DecodeBenchmark benchmark = new DecodeBenchmark();
        benchmark.open();
        return alone(benchmark::decode, Floors.copy(new RecordedAnswers().bytes()), () -> {});
    }

    private static Duel decision() {
        final EpisodeDuel duel = new EpisodeDuel();
        final DecisionBenchmark benchmark = new DecisionBenchmark();
        benchmark.scenario = "cross";
        benchmark.worlds = 1;
        benchmark.transport = "wire";
        benchmark.open();
        return new Duel(
                duel::ours,
                duel::raw,
                1,
                new Usage(),
                benchmark::decide,
                threads()::getTotalThreadAllocatedBytes,
                () -> {
                    benchmark.close();
                    duel.close();
                });
    }
}
