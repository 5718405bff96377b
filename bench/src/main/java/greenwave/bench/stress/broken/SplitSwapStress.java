package greenwave.bench.stress.broken;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** {@link greenwave.bench.stress.SumTreeStress.WritersOfOneLeaf} on the broken tree: it must fail. */
@JCStressTest
@State
@Outcome(
        id = {"1", "2"},
        expect = Expect.ACCEPTABLE,
        desc = "The last swap wins and the sum agrees.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A delta was lost or counted twice.")
public class SplitSwapStress {
    private final SplitSwapTree tree = new SplitSwapTree();

    @Actor
    public void one() {
        tree.set(0, 1);
    }

    @Actor
    public void two() {
        tree.set(0, 2);
    }

    @Arbiter
    public void total(final J_Result r) {
        r.r1 = tree.total();
    }
}
