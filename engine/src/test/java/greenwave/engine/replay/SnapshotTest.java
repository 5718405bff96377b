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
import greenwave.engine.env.ImageSpec;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class SnapshotTest {
    private static final AgentGroup GROUP =
            new AgentGroup("2x3", List.of("agent"), 2, 3, new ImageSpec(1, 2, 2));
    private static final int CAPACITY = 50;
    private static final int BATCH = 8;

    @TempDir Path folder;

    private static StoredReplay replay(final Engine engine, final String kind) {
        return switch (kind) {
            case "uniform" -> UniformReplay.builder(engine, GROUP).capacity(CAPACITY).build();
            case "prioritized" ->
                    PrioritizedReplay.builder(engine, GROUP).capacity(CAPACITY).build();
            default ->
                    PrioritizedReplay.builder(engine, GROUP)
                            .capacity(CAPACITY)
                            .weightsByGlobalMax()
                            .build();
        };
    }

    private static void add(final Replay replay, final int count, final RandomStream random) {
        final MemorySegment legal = Segments.of(new byte[] {1, 0, 1});
        final int episode = replay.beginEpisode();
        int observed = observe(replay, random);
        for (int i = 0; i < count; i++) {
            final int next = observe(replay, random);
            final float reward = (float) random.nextGaussian();
            replay.add(observed, random.nextInt(3), reward, 0.9f, next, 0, legal, episode);
            observed = next;
        }
    }

    private static int observe(final Replay replay, final RandomStream random) {
        final byte[] pixels = new byte[4];
        random.nextBytes(pixels);
        return replay.observe(
                0, Segments.of(random.nextFloat(), random.nextFloat()), Segments.of(pixels));
    }

    /** All bytes of {@code batches} batches, each of which is told random errors. */
    private static byte[][] draw(
            final Engine engine,
            final Replay replay,
            final int batches,
            final RandomStream random) {
        final Trace trace = new Trace();
        final Batch batch = Batch.inputs(trace, BATCH, GROUP, true);
        final List<byte[]> drawn = new ArrayList<>();
        try (Plan plan = Plan.builder(engine.backend(), trace).build();
                Buffer errors = engine.backend().allocate(DType.F32, BATCH)) {
            final BatchBuffers b = batch.buffers(plan);
            final BatchSampler sampler = replay.sampler(b);
            for (int i = 0; i < batches; i++) {
                sampler.sample(random);
                for (final Buffer column :
                        List.of(
                                b.obs(),
                                b.image(),
                                b.action(),
                                b.reward(),
                                b.nextObs(),
                                b.weight())) {
                    drawn.add(Segments.bytes(column));
                }
                final float[] told = new float[BATCH];
                for (int row = 0; row < BATCH; row++) {
                    told[row] = (float) random.nextGaussian();
                }
                Segments.fill(errors, told);
                sampler.update(errors);
            }
        }
        return drawn.toArray(byte[][]::new);
    }

    @ParameterizedTest(name = "{0}, {1} added")
    @CsvSource({
        "uniform, 20",
        "uniform, 173",
        "prioritized, 20",
        "prioritized, 173",
        "prioritized by global maximum, 173"
    })
    void aLoadedReplayGoesOnExactlyAsTheSavedOne(final String kind, final int added)
            throws Exception {
        final Path file = folder.resolve("replay.snapshot");
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (StoredReplay saved = replay(engine, kind);
                            StoredReplay loaded = replay(engine, kind)) {
                        add(saved, added, new RandomStream(1));
                        draw(engine, saved, 5, new RandomStream(2));
                        add(loaded, 70, new RandomStream(3)); // to be forgotten
                        draw(engine, loaded, 9, new RandomStream(4));
                        saved.save(file);
                        loaded.load(file);
                        assertEquals(saved.size(), loaded.size());
                        for (int round = 0; round < 3; round++) {
                            assertArrayEquals(
                                    draw(engine, saved, 10, new RandomStream(5)),
                                    draw(engine, loaded, 10, new RandomStream(5)));
                            add(saved, 30, new RandomStream(6));
                            add(loaded, 30, new RandomStream(6));
                        }
                        assertEquals(saved.beginEpisode(), loaded.beginEpisode());
                    }
                });
    }

    @Test
    void whatIsDamagedOrForeignIsRefusedAndNothingChanges() throws Exception {
        final Path file = folder.resolve("replay.snapshot");
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (StoredReplay replay = replay(engine, "prioritized");
                            StoredReplay same = replay(engine, "prioritized")) {
                        add(replay, 60, new RandomStream(1));
                        add(same, 60, new RandomStream(1));
                        replay.save(file);
                        final byte[] whole = Files.readAllBytes(file);
                        final Path broken = folder.resolve("broken");
                        final RandomStream random = new RandomStream(2);
                        for (int i = 0; i < 200; i++) {
                            final byte[] bytes = whole.clone();
                            bytes[i < 100 ? i : random.nextInt(bytes.length)] ^=
                                    (byte) (1 << random.nextInt(8));
                            Files.write(broken, bytes);
                            assertThrows(IOException.class, () -> replay.load(broken));
                        }
                        for (final int length :
                                new int[] {0, 1, 31, 32, 63, 64, 200, whole.length - 1}) {
                            Files.write(broken, Arrays.copyOf(whole, length));
                            assertThrows(IOException.class, () -> replay.load(broken));
                        }
                        Files.write(broken, Arrays.copyOf(whole, whole.length + 1));
                        assertEquals(
                                "replay.load: file=%s, bytes=%d, expected %d: damaged or truncated"
                                        .formatted(broken, whole.length + 1, whole.length),
                                refusal(IOException.class, replay, broken));
                        whole[whole.length / 2] ^= 1;
                        Files.write(broken, whole);
                        assertEquals(
                                "replay.load: file=%s: damaged: its SHA-256 differs from the one it"
                                                .formatted(broken)
                                        + " ends with",
                                refusal(IOException.class, replay, broken));
                        Files.writeString(broken, "x".repeat(500));
                        assertEquals(
                                "replay.load: file=%s, expected a replay's snapshot of format 1"
                                        .formatted(broken),
                                refusal(IOException.class, replay, broken));
                        assertArrayEquals(
                                draw(engine, same, 10, new RandomStream(5)),
                                draw(engine, replay, 10, new RandomStream(5)));
                    }
                });
    }

    @Test
    void theSnapshotOfAnotherReplayIsRefused() throws Exception {
        final Path file = folder.resolve("replay.snapshot");
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (StoredReplay uniform = replay(engine, "uniform");
                            StoredReplay prioritized = replay(engine, "prioritized");
                            StoredReplay other =
                                    PrioritizedReplay.builder(engine, GROUP)
                                            .capacity(CAPACITY)
                                            .alpha(0.5)
                                            .build();
                            StoredReplay larger =
                                    UniformReplay.builder(engine, GROUP).capacity(51).build()) {
                        add(uniform, 10, new RandomStream(1));
                        uniform.save(file);
                        assertEquals(
                                "replay.load: file=%s, prioritized=0, expected 1".formatted(file),
                                refusal(IllegalArgumentException.class, prioritized, file));
                        assertEquals(
                                "replay.load: file=%s, capacity=50, expected 51".formatted(file),
                                refusal(IllegalArgumentException.class, larger, file));
                        prioritized.save(file);
                        assertThrows(IllegalArgumentException.class, () -> other.load(file));
                        assertEquals(0, prioritized.size() + other.size() + larger.size());
                    }
                });
    }

    private static <T extends Throwable> String refusal(
            final Class<T> type, final StoredReplay replay, final Path file) {
        return assertThrows(type, () -> replay.load(file)).getMessage();
    }
}
