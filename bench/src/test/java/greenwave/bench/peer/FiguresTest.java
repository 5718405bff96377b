package greenwave.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.bench.Quartiles;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
        assertEquals(2.97e9, PeerNet.CONV.trainFlops(128), 0.01e9);
        assertEquals(6.88e9, PeerNet.TWO.trainFlops(128), 0.01e9);
    }

    @Test
    void theLargestDifferenceIsFoundRelativeToTheLossOfItsStep() {
        final double[] theirs = {1, 2, 4};
        final Drift drift = Drift.of(new double[] {1, 2.5, 4.4}, theirs);
        assertEquals(0.25, drift.largest(), 1e-12);
        assertEquals(1, drift.at());
    }

    @Test
    void aLossThatIsNoNumberNeverAgrees() {
        final double[] theirs = {1, 2, 4};
        final double[] ours = {1.5, Double.NaN, 4};
        final Drift drift = Drift.of(ours, theirs);
        assertTrue(Double.isNaN(drift.largest()));
        assertEquals(1, drift.at());
        assertFalse(new StepCheck("mlp", 1, 1, 0, 3, 1, 4, drift, drift).agrees());
    }

    @ParameterizedTest
    @EnumSource
    void batchesAreTheSameInEveryProcessAndUnlikeEachOther(final PeerNet net) {
        final TransitionBatch first = TransitionBatch.of(net, 8, 0);
        final TransitionBatch again = TransitionBatch.of(net, 8, 0);
        for (int i = 0; i < net.obs().size(); i++) {
            assertEquals(-1, first.obs().get(i).mismatch(again.obs().get(i)));
            assertNotEquals(-1, first.obs().get(i).mismatch(first.nextObs().get(i)));
        }
        assertFalse(Arrays.equals(first.reward(), TransitionBatch.of(net, 8, 1).reward()));
    }

    @Test
    void pixelsAreUnsignedAndScaled() {
        final ObsPart part = ObsPart.image(256, 0.5f, 1, 20, 20);
        final float[] scaled = part.scaled(part.draw(new SplittableRandom(1), 1), 1);
        double most = 0;
        for (final float value : scaled) {
            assertTrue(value >= 0 && 2 * value == Math.rint(2 * value), "value=" + value);
            most = Math.max(most, value);
        }
        assertTrue(most > 100 && most <= 127.5, "most=" + most);
    }

    @ParameterizedTest
    @EnumSource
    void aSteppedSubjectLearnsTheLoadedBatch(final PeerNet net) {
        final int steps = net == PeerNet.MLP ? 200 : 4;
        try (Subject subject = new GreenwaveSubject(net, 4, "cpu", Recipe.TUTORIAL)) {
            subject.load(TransitionBatch.of(net, 4, 0));
            final float first = subject.trainStepLoss();
            for (int step = 0; step < steps; step++) {
                subject.work(Task.TRAIN).run();
            }
            final float last = subject.trainStepLoss();
            assertTrue(last < 0.9 * first, "loss " + first + " -> " + last);
            net.acting().forEach(task -> subject.work(task).run());
        }
    }

    @Test
    void netsHaveTheWeightsTheyClaim() {
        final Map<PeerNet, Long> counts =
                Map.of(PeerNet.MLP, 17_410L, PeerNet.CONV, 40_866L, PeerNet.TWO, 1_713_892L);
        try (Engine engine = Engine.open(EngineConfig.builder().backend("reference").build())) {
            for (final PeerNet net : PeerNet.values()) {
                assertEquals(counts.get(net), net.build(engine).parameters().count());
            }
        }
    }

    @Test
    void gradientsTravelAndAreComparedByLayer(@TempDir final Path folder) throws Exception {
        final List<float[]> theirs = List.of(new float[] {1, -4}, new float[] {1e-6f});
        Gradients.write(folder.resolve("g"), theirs);
        final List<float[]> read = Gradients.read(folder.resolve("g"));
        assertEquals(0, Gradients.largestDifference(read, theirs));
        final List<float[]> ours = List.of(new float[] {1, -4.5f}, new float[] {0});
        assertEquals(0.125, Gradients.largestDifference(ours, theirs), 1e-6); // 0.5 of 4
        final List<float[]> noise = List.of(theirs.getFirst(), new float[] {0.004f});
        assertEquals(0.001, Gradients.largestDifference(noise, theirs), 1e-6); // 0.004 of 4
        final List<float[]> broken = List.of(new float[] {1, Float.NaN}, new float[] {0});
        assertTrue(Double.isNaN(Gradients.largestDifference(broken, theirs)));
    }
}
