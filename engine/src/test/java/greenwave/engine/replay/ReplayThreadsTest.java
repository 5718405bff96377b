package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writers that lap a small ring all the time, and readers that check every row they are given. */
class ReplayThreadsTest {
    private static final int WIDTH = 200;
    private static final int ACTIONS = 5;
    private static final ImageSpec IMAGE = new ImageSpec(3, 20, 20);
    private static final AgentGroup GROUP =
            new AgentGroup("g", List.of("a"), WIDTH, ACTIONS, IMAGE);
    private static final int WRITERS = 3;
    private static final int READERS = 2;
    private static final int BATCH = 16;
    private static final int BATCHES = 3000; // per reader

    private static StoredReplay replay(final Engine engine, final String kind, final int capacity) {
        return kind.equals("uniform")
                ? UniformReplay.builder(engine, GROUP).capacity(capacity).build()
                : PrioritizedReplay.builder(engine, GROUP).capacity(capacity).build();
    }

    @ParameterizedTest(name = "{0}, capacity {1}")
    @CsvSource({"uniform, 40", "uniform, 300", "prioritized, 40", "prioritized, 300"})
    @Timeout(120)
    void everyRowIsWholeHoweverManyWrite(final String kind, final int capacity) throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (StoredReplay replay = replay(engine, kind, capacity);
                            ExecutorService threads =
                                    Executors.newFixedThreadPool(WRITERS + READERS)) {
                        final AtomicBoolean stop = new AtomicBoolean();
                        final List<Future<?>> writers = new ArrayList<>();
                        for (int id = 0; id < WRITERS; id++) {
                            final int writer = id;
                            writers.add(threads.submit(() -> write(replay, writer, stop)));
                        }
                        final List<Future<?>> readers = new ArrayList<>();
                        for (int id = 0; id < READERS; id++) {
                            readers.add(threads.submit(reading(engine, replay, id)));
                        }
                        try {
                            for (final Future<?> reader : readers) {
                                reader.get();
                            }
                        } finally {
                            stop.set(true);
                        }
                        for (final Future<?> writer : writers) {
                            writer.get();
                        }
                        assertEquals(capacity, replay.size());
                        if (replay instanceof final PrioritizedReplay prioritized) {
                            assertEquals(0, prioritized.tree.wrongSums());
                        }
                    }
                });
    }

    /** Observations are one number throughout, the next one's being larger by one. */
    private static void write(final Replay replay, final int writer, final AtomicBoolean stop) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment obs = arena.allocate(ValueLayout.JAVA_FLOAT, WIDTH);
            final MemorySegment image = arena.allocate(IMAGE.size());
            final MemorySegment legal = arena.allocate(ACTIONS);
            int number = writer << 20;
            int observed = observe(replay, obs, image, number);
            while (!stop.get()) {
                final int next = observe(replay, obs, image, number + 1);
                legal.fill((byte) (number & 1));
                replay.add(observed, number % ACTIONS, number, 0.5f, next, 0, legal, number);
                observed = next;
                number = writer << 20 | number + 1 & (1 << 20) - 1;
                if ((number & (1 << 20) - 1) == 0) {
                    observed = observe(replay, obs, image, number);
                }
            }
        }
    }

    private static int observe(
            final Replay replay,
            final MemorySegment obs,
            final MemorySegment image,
            final int number) {
        for (int i = 0; i < WIDTH; i++) {
            obs.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
        }
        image.fill((byte) number);
        return replay.observe(0, obs, image);
    }

    private static Callable<Void> reading(
            final Engine engine, final Replay replay, final int reader) {
        final Trace trace = new Trace();
        final Batch batch = Batch.inputs(trace, BATCH, GROUP, true);
        final Plan plan = Plan.builder(engine.backend(), trace).build();
        final Buffer errors = engine.backend().allocate(DType.F32, BATCH);
        final BatchBuffers buffers = batch.buffers(plan);
        final BatchSampler sampler = replay.sampler(buffers);
        return () -> {
            try (plan;
                    errors) {
                while (replay.size() < BATCH) {
                    Thread.onSpinWait();
                }
                final RandomStream random = new RandomStream(reader);
                final float[] told = new float[BATCH];
                for (int i = 0; i < BATCHES; i++) {
                    sampler.sample(random);
                    check(sampler, buffers);
                    for (int row = 0; row < BATCH; row++) {
                        told[row] = random.nextFloat();
                    }
                    Segments.fill(errors, told);
                    sampler.update(errors);
                }
            }
            return null;
        };
    }

    private static void check(final BatchSampler sampler, final BatchBuffers b) {
        for (int row = 0; row < BATCH; row++) {
            final int number = (int) b.reward().segment().getAtIndex(ValueLayout.JAVA_FLOAT, row);
            assertEquals(number, sampler.episode(row));
            assertEquals(
                    number % ACTIONS, b.action().segment().getAtIndex(ValueLayout.JAVA_INT, row));
            checkVector(b.obs(), row, number);
            checkVector(b.nextObs(), row, number + 1);
            checkBytes(b.image(), row, IMAGE.size(), (byte) number);
            checkBytes(b.nextImage(), row, IMAGE.size(), (byte) (number + 1));
            checkBytes(b.nextLegal(), row, ACTIONS, (byte) (number & 1));
        }
    }

    private static void checkVector(final Buffer column, final int row, final int number) {
        for (int i = 0; i < WIDTH; i++) {
            final float found =
                    column.segment().getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * WIDTH + i);
            if (found != number) {
                assertEquals(number, found, "element " + i);
            }
        }
    }

    private static void checkBytes(
            final Buffer column, final int row, final int width, final byte expected) {
        for (int i = 0; i < width; i++) {
            final byte found = column.segment().get(ValueLayout.JAVA_BYTE, (long) row * width + i);
            if (found != expected) {
                assertEquals(expected, found, "byte " + i);
            }
        }
    }
}
