package greenwave.bench.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.nn.QNet;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The arithmetic behind the figures. */
class FiguresTest {
    @Test
    void quartilesLieBetweenNeighbours() {
        final Quartiles five = Quartiles.of(DoubleStream.of(5, 1, 4, 2, 3));
        assertEquals(new Quartiles(2, 3, 4), five);
        assertEquals(new Quartiles(1.25, 1.5, 1.75), Quartiles.of(DoubleStream.of(2, 1)));
        assertEquals(100 / 3.0, five.spreadPercent(), 1e-12);
    }

    @Test
    void operationsAreCountedByHand() {
        assertEquals(34_304, PeerNet.MLP.forwardFlops(1)); // 2 · (512 + 16,384 + 256)
        assertEquals(128 * 136_192L, PeerNet.MLP.trainFlops(128)); // 4 · 34,304 - 2 · 512
    }

    @Test
    void theLargestRelativeDifferenceIsFound() {
        final double[] theirs = {1, 2, 4};
        final LossCheck check = LossCheck.of("mlp", 1, new double[] {1, 2.5, 4.4}, theirs);
        assertEquals(0.25, check.largestDifference(), 1e-12);
        assertEquals(1, check.at());
    }

    @Test
    void aLossThatIsNoNumberNeverAgrees() {
        final double[] theirs = {1, 2, 4};
        final double[] ours = {1.5, Double.NaN, 4};
        final LossCheck check = LossCheck.of("mlp", 1, ours, theirs);
        assertTrue(Double.isNaN(check.largestDifference()));
        assertEquals(1, check.at());
    }

    @Test
    void batchesAreTheSameInEveryProcessAndUnlikeEachOther() {
        final TransitionBatch first = TransitionBatch.of(PeerNet.MLP, 8, 0);
        assertArrayEquals(first.obs(), TransitionBatch.of(PeerNet.MLP, 8, 0).obs());
        assertFalse(Arrays.equals(first.reward(), TransitionBatch.of(PeerNet.MLP, 8, 1).reward()));
    }

    @Test
    void aSteppedSubjectLearnsTheLoadedBatch() {
        try (Subject subject = new GreenwaveSubject(PeerNet.MLP, 16, "reference")) {
            subject.load(TransitionBatch.of(PeerNet.MLP, 16, 0));
            final float first = subject.trainStepLoss();
            for (int step = 0; step < 200; step++) {
                subject.trainStep();
            }
            final float last = subject.trainStepLoss();
            assertTrue(last < 0.9 * first, "loss " + first + " -> " + last);
            subject.act(8);
        }
    }

    @Test
    void netsHaveTheShapeTheyClaim() {
        try (Engine engine = Engine.open(EngineConfig.builder().backend("reference").build())) {
            for (final PeerNet net : PeerNet.values()) {
                final QNet built = net.build(engine);
                assertEquals(net.obsSize(), built.obsSize());
                assertEquals(net.actions(), built.actions());
            }
        }
    }
}
