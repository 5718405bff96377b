package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

class PrioritizedReplayTest {
    private static final AgentGroup GROUP = new AgentGroup("1x2", List.of("agent"), 1, 2);
    private static final MemorySegment LEGAL = Segments.of(new byte[] {1, 1});

    /** A replay, a batch drawn from it, and errors to tell it. */
    private record Setup(
            PrioritizedReplay replay, BatchSampler sampler, BatchBuffers batch, Buffer errors) {
        /** Adds transition number {@code i}: its reward is its number. */
        void add(final int i) {
            final MemorySegment obs = Segments.of((float) i);
            Transitions.add(replay, 0, obs, i % 2, i, 0.9f, obs, LEGAL);
        }

        int[] drawn() {
            final float[] rewards = Segments.floats(batch.reward());
            return IntStream.range(0, rewards.length).map(i -> (int) rewards[i]).toArray();
        }

        /** Tells every transition of the batch the error that {@code error} has for its number. */
        void update(final float... errorOf) {
            final float[] errors = new float[batch.size()];
            final int[] drawn = drawn();
            for (int row = 0; row < errors.length; row++) {
                errors[row] = errorOf[drawn[row]];
            }
            Segments.fill(this.errors, errors);
            sampler.update(this.errors);
        }
    }

    /** A body that may throw. */
    private interface Body {
        void run(Setup setup) throws Exception;
    }

    private static void with(
            final int batchSize,
            final UnaryOperator<PrioritizedReplay.Builder> settings,
            final Body body)
            throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Batch batch = Batch.inputs(trace, batchSize, GROUP, true);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build();
                            Buffer errors = engine.backend().allocate(DType.F32, batchSize);
                            PrioritizedReplay replay = settings.apply(builder(engine)).build()) {
                        final BatchBuffers buffers = batch.buffers(plan);
                        body.run(new Setup(replay, replay.sampler(buffers), buffers, errors));
                    }
                });
    }

    private static PrioritizedReplay.Builder builder(final Engine engine) {
        return PrioritizedReplay.builder(engine, GROUP).capacity(8);
    }

    /** Draws until every transition has been told its error. */
    private static void tellAll(final Setup setup, final float... errors) {
        for (int draw = 0; draw < 200; draw++) {
            setup.sampler().sample(new RandomStream(draw));
            setup.update(errors);
        }
    }

    @ParameterizedTest(name = "alpha {0}")
    @ValueSource(doubles = {0, 0.5, 1})
    void drawsInProportionToErrorsToThePowerOfAlpha(final double alpha) throws Exception {
        with(
                4,
                b -> b.alpha(alpha).eps(1e-9),
                setup -> {
                    IntStream.range(0, 4).forEach(setup::add);
                    final float[] errors = {1, -2, 4, 0.5f}; // the sign does not matter
                    tellAll(setup, errors);
                    final double[] share = new double[4];
                    Arrays.setAll(share, i -> Math.pow(Math.abs(errors[i]), alpha));
                    final double total = Arrays.stream(share).sum();
                    final int draws = 40_000;
                    final int[] hits = new int[4];
                    final RandomStream random = new RandomStream(5);
                    for (int draw = 0; draw < draws; draw++) {
                        setup.sampler().sample(random);
                        Arrays.stream(setup.drawn()).forEach(i -> hits[i]++);
                    }
                    for (int i = 0; i < 4; i++) {
                        final double expected = 4 * draws * share[i] / total;
                        assertEquals(expected, hits[i], 6 * Math.sqrt(expected), "transition " + i);
                    }
                });
    }

    @Test
    void weightsAreThoseOfThePaperOverTheLargestOfTheBatch() throws Exception {
        with(
                4,
                b -> b.alpha(1).eps(1e-9).beta(0.5, 0.5, 1),
                setup -> {
                    final float[] errors = {1, 2, 4, 9};
                    IntStream.range(0, 4).forEach(setup::add);
                    tellAll(setup, errors);
                    final RandomStream random = new RandomStream(3);
                    for (int draw = 0; draw < 50; draw++) {
                        setup.sampler().sample(random);
                        final int[] drawn = setup.drawn();
                        final double[] raw = new double[4]; // (N · P)^-beta
                        Arrays.setAll(raw, row -> Math.pow(4 * errors[drawn[row]] / 16, -0.5));
                        final double largest = Arrays.stream(raw).max().orElseThrow();
                        final float[] expected = new float[4];
                        for (int row = 0; row < 4; row++) {
                            expected[row] = (float) (raw[row] / largest);
                        }
                        assertArrayEquals(expected, Segments.floats(setup.batch().weight()), 1e-5f);
                    }
                });
    }

    @Test
    void weightsMayBeNormalisedByTheLargestOfAll() throws Exception {
        with(
                1,
                b -> b.alpha(1).eps(1e-9).beta(1, 1, 1).weightsByGlobalMax(),
                setup -> {
                    final float[] errors = {1, 2, 4, 8};
                    IntStream.range(0, 4).forEach(setup::add);
                    tellAll(setup, errors);
                    for (int draw = 0; draw < 50; draw++) {
                        setup.sampler().sample(new RandomStream(draw));
                        assertEquals(
                                1 / errors[setup.drawn()[0]],
                                Segments.floats(setup.batch().weight())[0],
                                1e-5f);
                    }
                    tellAll(setup, 4, 4, 4, 8); // the smallest rises again
                    setup.sampler().sample(new RandomStream(1));
                    final float[] risen = {1, 1, 1, 0.5f};
                    assertEquals(
                            risen[setup.drawn()[0]],
                            Segments.floats(setup.batch().weight())[0],
                            1e-5f);
                });
    }

    @Test
    void betaFollowsTheProgressOfTraining() throws Exception {
        with(
                2,
                b -> b.alpha(1).eps(1e-9).beta(0.2, 1),
                setup -> {
                    setup.add(0);
                    setup.add(1);
                    int batches = 0;
                    while (setup.drawn()[0] == setup.drawn()[1] || batches == 0) {
                        setup.sampler().sample(new RandomStream(batches++));
                        setup.update(1, 4);
                    }
                    for (final double progress : new double[] {0, 0.25, 1}) {
                        setup.replay().progress(progress);
                        int[] drawn;
                        do {
                            setup.sampler().sample(new RandomStream(batches++));
                            drawn = setup.drawn();
                        } while (drawn[0] == drawn[1]);
                        final float[] weights = Segments.floats(setup.batch().weight());
                        final int often = drawn[0] == 0 ? 1 : 0; // the row of priority 4
                        assertEquals(1, weights[1 - often], 1e-6);
                        assertEquals(Math.pow(0.25, 0.2 + 0.8 * progress), weights[often], 1e-5);
                    }
                });
    }

    @Test
    void betaGoesFromFirstToLastByBatchesDrawn() throws Exception {
        with(
                2,
                b -> b.alpha(1).eps(1e-9).beta(0.2, 1, 4),
                setup -> {
                    setup.add(0);
                    setup.add(1);
                    int batches = 0;
                    while (setup.drawn()[0] == setup.drawn()[1] || batches == 0) {
                        setup.sampler().sample(new RandomStream(batches++));
                        setup.update(1, 4);
                    }
                    assertTrue(batches < 4, "batches=" + batches);
                    for (; batches < 7; batches++) {
                        setup.sampler().sample(new RandomStream(7));
                        final double beta = 0.2 + 0.8 * Math.min(1, batches / 4.0);
                        final int[] drawn = setup.drawn();
                        final float[] weights = Segments.floats(setup.batch().weight());
                        for (int row = 0; row < 2; row++) {
                            final boolean alone = drawn[0] == drawn[1];
                            final double expected =
                                    alone || drawn[row] == 0 ? 1 : Math.pow(0.25, beta);
                            assertEquals(expected, weights[row], 1e-5);
                        }
                    }
                });
    }

    @Test
    void whatIsNewIsAsLikelyAsTheLargestEverSeen() throws Exception {
        with(
                2,
                b -> b.alpha(1).eps(1e-9).beta(1, 1, 1),
                setup -> {
                    setup.add(0);
                    setup.add(1);
                    tellAll(setup, 10, 0.5f);
                    tellAll(setup, 0.5f, 0.5f); // the largest stays 10
                    setup.add(2);
                    final RandomStream random = new RandomStream(4);
                    int news = 0;
                    for (int draw = 0; draw < 5000; draw++) {
                        setup.sampler().sample(random);
                        news += (int) Arrays.stream(setup.drawn()).filter(i -> i == 2).count();
                    }
                    final double expected = 10_000 * 10 / 11.0;
                    assertEquals(expected, news, 6 * Math.sqrt(10_000 * 10 / 121.0));
                });
    }

    @Test
    void aLateUpdateOfAnOverwrittenTransitionDoesNothing() throws Exception {
        with(
                8,
                b -> b.alpha(1).eps(1e-9),
                setup -> {
                    IntStream.range(0, 8).forEach(setup::add);
                    setup.sampler().sample(new RandomStream(1));
                    final float[] errors = new float[16];
                    Arrays.fill(errors, 1000);
                    IntStream.range(8, 16).forEach(setup::add);
                    setup.update(errors);
                    assertEquals(8, setup.replay().tree.total(), "every new priority is still 1");
                    setup.add(16);
                    assertEquals(8, setup.replay().tree.total(), "and so is the largest seen");
                });
    }

    @Test
    void transitionsWhoseObservationsAreGoneAreNotDrawn() throws Exception {
        with(
                4,
                b -> b,
                setup -> {
                    IntStream.range(0, 8).forEach(setup::add); // 16 observations are all there is
                    for (int i = 0; i < 9; i++) {
                        setup.replay().observe(0, Segments.of(-1), null);
                    }
                    final RandomStream random = new RandomStream(2);
                    for (int draw = 0; draw < 100; draw++) {
                        setup.sampler().sample(random);
                        for (final int i : setup.drawn()) {
                            assertTrue(i >= 5, "drawn=" + i);
                        }
                    }
                    assertEquals(3, setup.replay().tree.total(), 1e-9);
                });
    }

    @Test
    void anErrorBeyondWhatATreeHoldsCountsAsTheLargestItHolds() throws Exception {
        with(
                1,
                b -> b.alpha(1),
                setup -> {
                    setup.add(0);
                    setup.sampler().sample(new RandomStream(1));
                    setup.update(Float.MAX_VALUE);
                    assertEquals(setup.replay().tree.maxPriority(), setup.replay().tree.total());
                });
    }

    @Test
    void senselessValuesAreRefusedAndNothingChanges() throws Exception {
        with(
                2,
                b -> b,
                setup -> {
                    final MemorySegment obs = Segments.of(1f);
                    final PrioritizedReplay replay = setup.replay();
                    assertEquals(
                            "replay.update: expected sample(...) before it",
                            state(() -> setup.sampler().update(setup.errors())));
                    final int seen = replay.observe(0, obs, null);
                    assertEquals(
                            "replay.add: action=-1, expected [0, 2)",
                            value(() -> replay.add(seen, -1, 0, 0, seen, 0, LEGAL, 0)));
                    assertEquals(
                            "replay.add: reward=-Infinity, discount=0.0, expected finite and [0, 1]",
                            value(
                                    () ->
                                            replay.add(
                                                    seen,
                                                    1,
                                                    Float.NEGATIVE_INFINITY,
                                                    0,
                                                    seen,
                                                    0,
                                                    LEGAL,
                                                    0)));
                    assertEquals(
                            "replay.add: observed=-1, next=0, expected numbers that observe has"
                                    + " returned",
                            value(() -> replay.add(-1, 1, 0, 0, seen, 0, LEGAL, 0)));
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> replay.add(seen, 1, 0, 0, seen, 1, LEGAL, 0));
                    assertThrows(
                            IndexOutOfBoundsException.class, () -> replay.observe(1, obs, null));
                    assertEquals(0, replay.size());
                    setup.add(0);
                    assertEquals(
                            "replay.sample: batch=2, size=1, expected size >= batch",
                            state(() -> setup.sampler().sample(new RandomStream(1))));
                    setup.add(1);
                    setup.sampler().sample(new RandomStream(1));
                    for (final float bad :
                            new float[] {
                                Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY
                            }) {
                        Segments.fill(setup.errors(), new float[] {7, bad});
                        assertEquals(
                                "replay.update: row=1, error=%s, expected a finite one"
                                        .formatted(bad),
                                value(() -> setup.sampler().update(setup.errors())));
                        assertEquals(2, replay.tree.total());
                    }
                    replay.close();
                    assertEquals(
                            "replay.add: closed",
                            state(() -> replay.add(0, 0, 0, 0, 0, 0, LEGAL, 0)));
                    assertEquals(
                            "replay.observe: closed", state(() -> replay.observe(0, obs, null)));
                    assertEquals(
                            "replay.sample: closed",
                            state(() -> setup.sampler().sample(new RandomStream(1))));
                    assertEquals(
                            "replay.update: closed",
                            state(() -> setup.sampler().update(setup.errors())));
                    assertEquals(
                            "replay.sampler: closed", state(() -> replay.sampler(setup.batch())));
                });
    }

    @Test
    void senselessSettingsAreRefused() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final PrioritizedReplay.Builder b = builder(engine);
                    assertEquals(
                            "PrioritizedReplay: alpha=1.5, expected in [0, 1]",
                            value(() -> b.alpha(1.5)));
                    assertEquals("PrioritizedReplay: eps=0.0, expected > 0", value(() -> b.eps(0)));
                    assertEquals(
                            "PrioritizedReplay: beta first=NaN, expected in [0, 1]",
                            value(() -> b.beta(Double.NaN, 1, 1)));
                    assertEquals(
                            "PrioritizedReplay: beta batches=0, expected >= 1",
                            value(() -> b.beta(0, 1, 0)));
                    assertEquals(
                            "PrioritizedReplay: nStep=0, expected in [1, 1000]",
                            value(() -> b.nStep(0, 0.9f)));
                    assertEquals(
                            "PrioritizedReplay: gamma=NaN, expected in [0, 1]",
                            value(() -> b.nStep(1, Float.NaN)));
                });
    }

    private static String value(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    private static String state(final Runnable call) {
        return assertThrows(IllegalStateException.class, call::run).getMessage();
    }
}
