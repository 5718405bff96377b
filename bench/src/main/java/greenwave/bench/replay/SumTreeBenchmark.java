package greenwave.bench.replay;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Guards the sum tree beside the other designs: a learner that draws a batch and updates it, alone and beside writers
 * that insert flat out. Counts pairs of a draw and an update, and inserts. Run with {@code -prof gc}: 0 B/op.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class SumTreeBenchmark {
    private static final int BATCH = 128; // draws, updates or inserts in one call

    /** The tree, full. */
    @State(Scope.Benchmark)
    public static class Shared {
        @Param({"GREENWAVE", "LOCKED", "CAS_FLOAT", "NUMPY"})
        public String design;

        @Param("1048576")
        public int capacity;

        private PriorityTree tree;

        @Setup
        public void open() {
            tree = Design.valueOf(design).open(capacity);
            final SplittableRandom random = new SplittableRandom(1);
            for (int slot = 0; slot < capacity; slot++) {
                tree.insert(slot, 0.05 + random.nextDouble());
            }
        }

        @TearDown
        public void close() {
            tree.close();
        }
    }

    /** The ring's counter; apart from the tree, so that they share no cache line. */
    @State(Scope.Benchmark)
    public static class Tickets {
        private final AtomicLong next = new AtomicLong();
    }

    /** A learner's batch. */
    @State(Scope.Thread)
    public static class LearnerState {
        private final SplittableRandom random = new SplittableRandom(7);
        private final int[] slots = new int[BATCH];
        private final double[] priorities = new double[BATCH];
        private PriorityTree.Learner learner;

        @Setup
        public void open(final Shared shared) {
            learner = shared.tree.learner(BATCH);
        }
    }

    /** A writer's random numbers. */
    @State(Scope.Thread)
    public static class WriterState {
        private final SplittableRandom random =
                new SplittableRandom(Thread.currentThread().threadId());
    }

    private static void learn(final LearnerState state) {
        state.learner.sample(state.random, BATCH, state.slots);
        for (int i = 0; i < BATCH; i++) {
            state.priorities[i] = 0.05 + state.random.nextDouble();
        }
        state.learner.update(BATCH, state.slots, state.priorities);
    }

    private static void write(final Shared shared, final Tickets tickets, final WriterState state) {
        for (int i = 0; i < BATCH; i++) {
            final int slot = (int) (tickets.next.getAndIncrement() % shared.capacity);
            shared.tree.insert(slot, 0.05 + state.random.nextDouble());
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void lone(final LearnerState state) {
        learn(state);
    }

    @Benchmark
    @Group("oneWriter")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void pairsBesideOne(final LearnerState state) {
        learn(state);
    }

    @Benchmark
    @Group("oneWriter")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void insertsOfOne(final Shared shared, final Tickets tickets, final WriterState state) {
        write(shared, tickets, state);
    }

    @Benchmark
    @Group("threeWriters")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void pairsBesideThree(final LearnerState state) {
        learn(state);
    }

    @Benchmark
    @Group("threeWriters")
    @GroupThreads(3)
    @OperationsPerInvocation(BATCH)
    public void insertsOfThree(
            final Shared shared, final Tickets tickets, final WriterState state) {
        write(shared, tickets, state);
    }
}
