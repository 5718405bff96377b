package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class UniformReplayTest {
    private static final AgentGroup GROUP = new AgentGroup("2x3", List.of("agent"), 2, 3);

    /** A body that may throw. */
    private interface Body {
        void run(UniformReplay replay, BatchSampler sampler, BatchBuffers batch) throws Exception;
    }

    private static void withReplay(final int capacity, final int batchSize, final Body body)
            throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Batch batch = Batch.inputs(trace, batchSize, GROUP, false);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build();
                            UniformReplay replay = replay(engine, capacity)) {
                        final BatchBuffers buffers = batch.buffers(plan);
                        body.run(replay, replay.sampler(buffers), buffers);
                    }
                });
    }

    private static UniformReplay replay(final Engine engine, final int capacity) {
        return UniformReplay.builder(engine, GROUP).capacity(capacity).build();
    }

    /** Transition number i: every column tells its number. It stands in row 1 of its segments. */
    private static void add(final Replay replay, final int i) {
        Transitions.add(
                replay,
                1,
                Segments.of(-1, -1, i, i + 0.5f),
                i % 3,
                -i,
                1f / (i + 1),
                Segments.of(-1, -1, i + 1, i + 1.5f),
                Segments.of(new byte[] {9, 9, 9, 1, (byte) (i % 2), 0}));
    }

    @Test
    void everyColumnOfADrawnTransitionBelongsToIt() throws Exception {
        withReplay(
                50,
                40,
                (replay, sampler, batch) -> {
                    IntStream.range(0, 50).forEach(i -> add(replay, i));
                    sampler.sample(new RandomStream(1));
                    final float[] obs = Segments.floats(batch.obs());
                    final float[] nextObs = Segments.floats(batch.nextObs());
                    final byte[] legal = Segments.bytes(batch.nextLegal());
                    for (int row = 0; row < 40; row++) {
                        final int i = (int) obs[2 * row];
                        assertEquals(i + 0.5f, obs[2 * row + 1]);
                        assertEquals(i % 3, Segments.ints(batch.action())[row]);
                        assertEquals(-i, Segments.floats(batch.reward())[row]);
                        assertEquals(1f / (i + 1), Segments.floats(batch.discount())[row]);
                        assertEquals(i + 1, nextObs[2 * row]);
                        assertEquals(i + 1.5f, nextObs[2 * row + 1]);
                        assertEquals(1, legal[3 * row]);
                        assertEquals(i % 2, legal[3 * row + 1]);
                        assertEquals(0, legal[3 * row + 2]);
                    }
                });
    }

    @Test
    void theOldestGoesWhenTheRingIsFull() throws Exception {
        withReplay(
                5,
                5,
                (replay, sampler, batch) -> {
                    for (int i = 0; i < 12; i++) {
                        assertEquals(Math.min(i, 5), replay.size());
                        add(replay, i);
                    }
                    final RandomStream random = new RandomStream(1);
                    final var seen = new TreeSet<Integer>();
                    for (int draw = 0; draw < 50; draw++) {
                        sampler.sample(random);
                        for (final float reward : Segments.floats(batch.reward())) {
                            seen.add(Math.round(-reward));
                        }
                    }
                    assertEquals(IntStream.range(7, 12).boxed().collect(Collectors.toSet()), seen);
                });
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 0xBEEF})
    void drawsEveryTransitionEquallyOften(final long seed) throws Exception {
        final int held = 16;
        final int draws = 2000;
        withReplay(
                20,
                16,
                (replay, sampler, batch) -> {
                    IntStream.range(0, held).forEach(i -> add(replay, i));
                    final RandomStream random = new RandomStream(seed);
                    final int[] hits = new int[held];
                    for (int draw = 0; draw < draws; draw++) {
                        sampler.sample(random);
                        for (final float reward : Segments.floats(batch.reward())) {
                            hits[Math.round(-reward)]++;
                        }
                    }
                    for (int i = 0; i < held; i++) {
                        assertEquals(draws, hits[i], 6 * Math.sqrt(draws), "transition " + i);
                    }
                });
    }

    @Test
    void equalStreamsDrawEqualBatches() throws Exception {
        withReplay(
                30,
                8,
                (replay, sampler, batch) -> {
                    IntStream.range(0, 30).forEach(i -> add(replay, i));
                    sampler.sample(new RandomStream(9));
                    final float[] first = Segments.floats(batch.obs());
                    sampler.sample(new RandomStream(10));
                    sampler.sample(new RandomStream(9));
                    assertArrayEquals(first, Segments.floats(batch.obs()));
                });
    }

    @Test
    void senselessValuesAreRefusedAndNothingIsAdded() throws Exception {
        withReplay(
                4,
                3,
                (replay, sampler, batch) -> {
                    final var obs = Segments.of(1, 2);
                    final var legal = Segments.of(new byte[] {1, 1, 1});
                    assertEquals(
                            "replay.add: action=3, expected [0, 3)",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    Transitions.add(
                                                            replay, 0, obs, 3, 0, 0, obs, legal))
                                    .getMessage());
                    assertEquals(
                            "replay.add: reward=NaN, discount=0.0, expected finite and [0, 1]",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    Transitions.add(
                                                            replay, 0, obs, 0, Float.NaN, 0, obs,
                                                            legal))
                                    .getMessage());
                    assertEquals(
                            "replay.add: reward=0.0, discount=1.5, expected finite and [0, 1]",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    Transitions.add(
                                                            replay, 0, obs, 0, 0, 1.5f, obs, legal))
                                    .getMessage());
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> Transitions.add(replay, 1, obs, 0, 0, 0, obs, legal));
                    assertEquals(0, replay.size());
                    add(replay, 0);
                    assertEquals(
                            "replay.sample: batch=3, size=1, expected size >= batch",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> sampler.sample(new RandomStream(1)))
                                    .getMessage());
                });
    }

    @Test
    void aCapacityBelowOneIsRefused() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine ->
                        assertEquals(
                                "UniformReplay: capacity=0, expected in [1, 268435456]",
                                assertThrows(
                                                IllegalArgumentException.class,
                                                () -> replay(engine, 0))
                                        .getMessage()));
    }
}
