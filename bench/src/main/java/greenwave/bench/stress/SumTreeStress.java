package greenwave.bench.stress;

import greenwave.engine.replay.SumTree;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.DZ_Result;
import org.openjdk.jcstress.infra.results.D_Result;
import org.openjdk.jcstress.infra.results.IID_Result;
import org.openjdk.jcstress.infra.results.III_Result;

import java.util.SplittableRandom;

/** Stress tests of {@link SumTree}; each says which of its notes it is about. Two levels, so that deltas walk. */
public final class SumTreeStress {
    private static final int CAPACITY = 17;
    private static final int FAR = 16; // in another block than slot 0

    private SumTreeStress() {}

    /** A tree whose slot 0 holds generation 1 at priority 1. */
    private static SumTree written() {
        final SumTree tree = new SumTree(CAPACITY);
        tree.publish(0, tree.begin(0), 1);
        return tree;
    }

    private static int overwrite(final SumTree tree, final double priority) {
        final int generation = tree.begin(0);
        if (generation >= 0) {
            tree.publish(0, generation, priority);
        }
        return generation;
    }

    private static double closingTotal(final SumTree tree) {
        final double total = tree.total();
        tree.close();
        return total;
    }

    /** Draws one slot at a time. */
    private static final class Drawer {
        private final SumTree.Sampler sampler;
        private final SplittableRandom random = new SplittableRandom(1);
        private final int[] slots = new int[1];
        private final long[] leaves = new long[1];

        Drawer(final SumTree tree) {
            sampler = tree.sampler(1);
        }

        boolean draws() {
            return sampler.sample(random, 1, slots, leaves) == 1;
        }

        int slot() {
            return slots[0];
        }

        long leaf() {
            return leaves[0];
        }
    }

    /** Note 2: swaps of one leaf telescope. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1.0", "2.0"},
            expect = Expect.ACCEPTABLE,
            desc = "The last swap wins and the total agrees.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A delta was lost or counted twice.")
    public static class WritersOfOneLeaf {
        private final SumTree tree = new SumTree(CAPACITY);

        @Actor
        public void one() {
            tree.set(0, 1);
        }

        @Actor
        public void two() {
            tree.set(0, 2);
        }

        @Arbiter
        public void total(final D_Result r) {
            r.r1 = closingTotal(tree);
        }
    }

    /** Note 2: adds to a shared sum commute. */
    @JCStressTest
    @State
    @Outcome(id = "3.0", expect = Expect.ACCEPTABLE, desc = "Both count.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A delta was lost.")
    public static class WritersOfTwoLeaves {
        private final SumTree tree = new SumTree(CAPACITY);

        @Actor
        public void near() {
            tree.set(0, 1);
        }

        @Actor
        public void far() {
            tree.set(FAR, 2);
        }

        @Arbiter
        public void total(final D_Result r) {
            r.r1 = closingTotal(tree);
        }
    }

    /** Note 5: of two writers of a slot one waits for nobody and the other goes elsewhere. */
    @JCStressTest
    @State
    @Outcome(id = "2, 3, 3.0", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(id = "3, 2, 2.0", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(id = "2, -1, 2.0", expect = Expect.ACCEPTABLE, desc = "The second went elsewhere.")
    @Outcome(id = "-1, 2, 3.0", expect = Expect.ACCEPTABLE, desc = "The first went elsewhere.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two wrote at once, or a weight was not withdrawn.")
    public static class OverwritesOfOneSlot {
        private final SumTree tree = written();

        @Actor
        public void two(final IID_Result r) {
            r.r1 = overwrite(tree, 2);
        }

        @Actor
        public void three(final IID_Result r) {
            r.r2 = overwrite(tree, 3);
        }

        @Arbiter
        public void total(final IID_Result r) {
            r.r3 = closingTotal(tree);
        }
    }

    /** Note 7: an update never revives what was overwritten. */
    @JCStressTest
    @State
    @Outcome(
            id = "2.0, true",
            expect = Expect.ACCEPTABLE,
            desc = "The update came first and was withdrawn with the slot.")
    @Outcome(id = "2.0, false", expect = Expect.ACCEPTABLE, desc = "It came late and did nothing.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The update hit the next generation.")
    public static class OverwriteAndLateUpdate {
        private final SumTree tree = written();

        @Actor
        public void overwrites() {
            overwrite(tree, 2);
        }

        @Actor
        public void updates(final DZ_Result r) {
            r.r2 = tree.update(0, 1, 5);
        }

        @Arbiter
        public void total(final DZ_Result r) {
            r.r1 = closingTotal(tree);
        }
    }

    /** Notes 5 and 7: a slot given up is empty. */
    @JCStressTest
    @State
    @Outcome(
            id = "0.0, true",
            expect = Expect.ACCEPTABLE,
            desc = "The update came first and was withdrawn with the slot.")
    @Outcome(id = "0.0, false", expect = Expect.ACCEPTABLE, desc = "It came late and did nothing.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Weight was left behind.")
    public static class AbortAndLateUpdate {
        private final SumTree tree = written();

        @Actor
        public void givesUp() {
            tree.abort(0, tree.begin(0));
        }

        @Actor
        public void updates(final DZ_Result r) {
            r.r2 = tree.update(0, 1, 5);
        }

        @Arbiter
        public void total(final DZ_Result r) {
            r.r1 = closingTotal(tree);
        }
    }

    /** Notes 2 and 7: two learners update one slot. */
    @JCStressTest
    @State
    @Outcome(
            id = {"2.0, true", "3.0, true"},
            expect = Expect.ACCEPTABLE,
            desc = "Both took effect, one after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A delta was lost, or an update failed for nothing.")
    public static class UpdatesOfOneGeneration {
        private final SumTree tree = written();
        private boolean first;
        private boolean second;

        @Actor
        public void two() {
            first = tree.update(0, 1, 2);
        }

        @Actor
        public void three() {
            second = tree.update(0, 1, 3);
        }

        @Arbiter
        public void total(final DZ_Result r) {
            r.r1 = closingTotal(tree);
            r.r2 = first && second;
        }
    }

    /** Note 3: whatever the sums say, only a slot of positive priority is drawn, with its own leaf. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2, 3.0", expect = Expect.ACCEPTABLE, desc = "Drawn before it moved.")
    @Outcome(id = "16, 3, 3.0", expect = Expect.ACCEPTABLE, desc = "Drawn after it moved.")
    @Outcome(id = "-1, 0, 3.0", expect = Expect.ACCEPTABLE, desc = "Caught in between.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An empty slot was drawn, or the total is wrong.")
    public static class WriterAndSampler {
        private final SumTree tree = new SumTree(CAPACITY);
        private final Drawer drawer = new Drawer(tree);

        public WriterAndSampler() {
            tree.set(0, 2);
        }

        @Actor
        public void moves() {
            tree.set(0, 0);
            tree.set(FAR, 3);
        }

        @Actor
        public void samples(final IID_Result r) {
            drawer.draws();
            r.r1 = drawer.slot();
            r.r2 = (int) SumTree.weight(drawer.leaf());
        }

        @Arbiter
        public void total(final IID_Result r) {
            r.r3 = closingTotal(tree);
        }
    }

    /** Note 6: a copy that the leaf still vouches for is whole and of its generation. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The old one, whole.")
    @Outcome(id = "2, 2, 2", expect = Expect.ACCEPTABLE, desc = "The new one, whole.")
    @Outcome(
            id = "0, 0, 0",
            expect = Expect.ACCEPTABLE,
            desc = "Overwritten meanwhile, and noticed.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A torn or foreign copy went through.")
    public static class TornPayload {
        private final SumTree tree = new SumTree(CAPACITY);
        private final Drawer drawer = new Drawer(tree);
        private int left;
        private int right;

        public TornPayload() {
            write();
        }

        private void write() {
            final int generation = tree.begin(0);
            left = generation;
            right = generation;
            tree.publish(0, generation, 1);
        }

        @Actor
        public void overwrites() {
            write();
        }

        @Actor
        public void reads(final III_Result r) {
            if (drawer.draws()) {
                final int first = right;
                final int second = left;
                if (tree.stillHolds(drawer.slot(), drawer.leaf())) {
                    r.r1 = SumTree.generation(drawer.leaf());
                    r.r2 = first;
                    r.r3 = second;
                }
            }
        }

        @Arbiter
        public void close() {
            tree.close();
        }
    }
}
