package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.RandomStream;
import greenwave.engine.RandomStreams;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A replay on a device, run on the host by the emulation, beside one in host memory that is told the same: batches,
 * priorities, counters and random numbers are equal to the last bit, weights to rounding. What this does not prove: that
 * NVIDIA's own rounding of {@code pow} agrees, and that threads which really run at once get along.
 */
@Tag("cuda")
class ResidentReplayTest {
    private static final AgentGroup VECTORS = new AgentGroup("v", List.of("a"), 3, 3);
    private static final AgentGroup IMAGES =
            new AgentGroup("i", List.of("a"), 0, 2, new ImageSpec(1, 3, 5)); // no word's multiple
    private static final AgentGroup BOTH =
            new AgentGroup("b", List.of("a"), 5, 4, new ImageSpec(2, 4, 4));

    @TempDir Path folder;

    /** A replay on one backend, a batch drawn from it, and errors to tell it. */
    private static final class Side implements AutoCloseable {
        final Engine engine;
        final StoredReplay replay;
        final Plan plan;
        final BatchBuffers batch;
        final BatchSampler sampler;
        final Buffer errors;
        final RandomStream random = new RandomStream(11);

        Side(
                final String backend,
                final String kind,
                final AgentGroup group,
                final int capacity,
                final int rows) {
            engine = Engine.open(EngineConfig.builder().backend(backend).seed(1).build());
            replay = replay(engine, kind, group, capacity);
            final Trace trace = new Trace();
            final Batch columns = Batch.inputs(trace, rows, group, true);
            plan = Plan.builder(engine.backend(), trace).build();
            batch = columns.buffers(plan);
            errors = engine.backend().allocate(DType.F32, rows);
            sampler = replay.sampler(batch);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static StoredReplay replay(
            final Engine engine, final String kind, final AgentGroup group, final int capacity) {
        if (kind.equals("uniform")) {
            return UniformReplay.builder(engine, group).capacity(capacity).build();
        }
        final PrioritizedReplay.Builder builder =
                PrioritizedReplay.builder(engine, group).capacity(capacity).beta(0.4, 1, 20);
        return kind.equals("global") ? builder.weightsByGlobalMax().build() : builder.build();
    }

    /** The same done to a replay on the host and to one on the device. */
    private static final class Twins implements AutoCloseable {
        final Side host;
        final Side device;
        private final RandomStream world = new RandomStream(3);

        Twins(final String kind, final AgentGroup group, final int capacity, final int rows) {
            host = new Side("reference", kind, group, capacity, rows);
            device = new Side("cuda:0", kind, group, capacity, rows);
        }

        /** Adds episodes of {@code length} transitions, {@code count} transitions in all. */
        void add(final int count, final int length) {
            int observed = -1;
            for (int i = 0; i < count; i++) {
                if (i % length == 0) {
                    observed = observe();
                }
                final int next = observe();
                final int from = observed;
                final int action = world.nextInt(host.replay.group.actions());
                final float reward = (float) world.nextGaussian();
                final float discount = world.nextFloat();
                final byte[] legal = new byte[host.replay.group.actions()];
                world.nextBytes(legal);
                both().forEach(
                                side ->
                                        side.replay.add(
                                                from,
                                                action,
                                                reward,
                                                discount,
                                                next,
                                                0,
                                                Segments.of(legal),
                                                7));
                observed = next;
            }
        }

        private int observe() {
            final float[] vector = new float[host.replay.group.obsSize()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = world.nextFloat();
            }
            final byte[] image = new byte[host.replay.group.imageSize()];
            world.nextBytes(image);
            return both().mapToInt(
                            side -> side.replay.observe(0, Segments.of(vector), Segments.of(image)))
                    .max()
                    .orElseThrow();
        }

        Stream<Side> both() {
            return Stream.of(host, device);
        }

        void draw() {
            both().forEach(side -> side.sampler.sample(side.random));
            assertSameBatch();
        }

        void tellErrors() {
            final float[] errors = new float[host.batch.size()];
            for (int row = 0; row < errors.length; row++) {
                errors[row] = (float) world.nextGaussian();
            }
            both().forEach(
                            side -> {
                                Segments.fill(side.errors, errors);
                                side.sampler.update(side.errors);
                            });
        }

        void assertSameBatch() {
            final List<Buffer> expected = columns(host.batch);
            final List<Buffer> found = columns(device.batch);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(
                        Segments.bytes(expected.get(i)),
                        Segments.bytes(found.get(i)),
                        "column " + i);
            }
            assertArrayEquals(
                    Segments.floats(host.batch.weight()),
                    Segments.floats(device.batch.weight()),
                    1e-6f,
                    "weights");
        }

        /** Everything that is held, and what later draws depend on. */
        void assertSameContent(final Path folder) throws IOException {
            ((RecordableSampler) device.sampler).settle(device.random);
            ((RecordableSampler) device.sampler).requireWhole();
            assertEquals(host.random.state(), device.random.state(), "random numbers used");
            host.replay.save(folder.resolve("host"));
            device.replay.save(folder.resolve("device"));
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("host")),
                    Files.readAllBytes(folder.resolve("device")));
        }

        @Override
        public void close() {
            both().forEach(Side::close);
        }
    }

    private static List<Buffer> columns(final BatchBuffers batch) {
        return Stream.of(
                        batch.obs(),
                        batch.image(),
                        batch.action(),
                        batch.reward(),
                        batch.discount(),
                        batch.nextObs(),
                        batch.nextImage(),
                        batch.nextLegal())
                .filter(Objects::nonNull)
                .toList();
    }

    private static AgentGroup group(final String name) {
        return switch (name) {
            case "vectors" -> VECTORS;
            case "images" -> IMAGES;
            default -> BOTH;
        };
    }

    @ParameterizedTest(name = "{0}, {1}, capacity {2}, batch {3}")
    @CsvSource({
        "uniform, vectors, 300, 32",
        "uniform, both, 64, 8",
        "prioritized, vectors, 300, 32",
        "prioritized, images, 17, 16", // rows meet in slots
        "prioritized, both, 5000, 300", // more than a block of rows, more than a staging area
        "global, vectors, 100, 16"
    })
    void drawsAndLearnsAsOnTheHost(
            final String kind, final String group, final int capacity, final int rows)
            throws IOException {
        try (Twins twins = new Twins(kind, group(group), capacity, rows)) {
            twins.add(Math.max(rows, capacity / 2), 20);
            for (int round = 0; round < 30; round++) {
                twins.draw();
                twins.tellErrors();
                twins.add(round % 3 * capacity / 30, 20);
            }
            twins.assertSameContent(folder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "prioritized", "global"})
    void drawsOnceMoreWhatHasLostItsObservations(final String kind) throws IOException {
        try (Twins twins = new Twins(kind, VECTORS, 400, 64)) {
            twins.add(1000, 1); // two observations each: the oldest have lost theirs
            for (int round = 0; round < 8; round++) {
                twins.draw();
                twins.tellErrors();
            }
            twins.assertSameContent(folder);
        }
    }

    @Test
    void passesOverRandomNumbersThatWouldMakeSomeSlotsLikelier() throws IOException {
        try (Twins twins = new Twins("uniform", VECTORS, 300, 8)) {
            twins.add(300, 20);
            final long rejected = 0xFFFF_FFFF_0000_0000L; // its upper half, halved, is 2^31 - 1
            final long third = RandomStreams.stateBefore(rejected, 3);
            twins.both().forEach(side -> side.random.restore(third));
            twins.draw();
            twins.draw();
            twins.assertSameContent(folder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "prioritized", "global"})
    void goesOnFromASnapshot(final String kind) throws IOException {
        try (Twins twins = new Twins(kind, BOTH, 50, 8)) {
            twins.add(70, 20);
            twins.draw();
            twins.tellErrors();
            twins.assertSameContent(folder);
            final Path saved = folder.resolve("host");
            final Path kept = folder.resolve("kept");
            Files.copy(saved, kept);
            twins.add(33, 20);
            twins.draw();
            twins.tellErrors();
            for (final Side side : twins.both().toList()) {
                side.replay.load(kept);
                side.random.restore(99);
            }
            for (int round = 0; round < 5; round++) {
                twins.draw();
                twins.tellErrors();
                twins.add(9, 20);
            }
            twins.assertSameContent(folder);
        }
    }

    @Test
    void aTransitionReplacedMeanwhileKeepsThePriorityOfTheNewOne() throws IOException {
        try (Twins twins = new Twins("prioritized", VECTORS, 20, 16)) {
            twins.add(20, 20);
            twins.draw();
            twins.add(10, 20);
            twins.device.replay.copy().catchUp();
            twins.tellErrors();
            twins.assertSameContent(folder);
        }
    }

    @Test
    void betaFollowsProgress() {
        try (Engine host = engine("reference");
                Engine device = engine("cuda:0")) {
            final float[][] weights = new float[2][];
            for (final double progress : new double[] {0, 0.5, 1}) {
                int i = 0;
                for (final Engine engine : List.of(host, device)) {
                    weights[i++] = weightsAt(engine, progress);
                }
                assertArrayEquals(weights[0], weights[1], 1e-6f);
                assertTrue(progress == 0 || weights[1][0] < 0.999f || weights[1][3] < 0.999f);
            }
        }
    }

    private static Engine engine(final String backend) {
        return Engine.open(EngineConfig.builder().backend(backend).seed(1).build());
    }

    private static float[] weightsAt(final Engine engine, final double progress) {
        final Trace trace = new Trace();
        final Batch columns = Batch.inputs(trace, 4, VECTORS, true);
        try (Plan plan = Plan.builder(engine.backend(), trace).build();
                Buffer errors = engine.backend().allocate(DType.F32, 4);
                PrioritizedReplay replay =
                        PrioritizedReplay.builder(engine, VECTORS).capacity(8).beta(0, 1).build()) {
            final MemorySegment obs = Segments.of(1, 2, 3);
            final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
            for (int i = 0; i < 8; i++) {
                Transitions.add(replay, 0, obs, 0, 1, 1, obs, legal);
            }
            final BatchBuffers batch = columns.buffers(plan);
            final BatchSampler sampler = replay.sampler(batch);
            final RandomStream random = new RandomStream(4);
            sampler.sample(random);
            Segments.fill(errors, new float[] {0.1f, 2, 3, 0.5f});
            sampler.update(errors);
            replay.progress(progress);
            sampler.sample(random);
            return Segments.floats(batch.weight());
        }
    }

    @Test
    void refusesABatchLargerThanWhatIsHeld() {
        try (Twins twins = new Twins("prioritized", VECTORS, 20, 16)) {
            twins.add(15, 20);
            twins.both()
                    .forEach(
                            side ->
                                    assertEquals(
                                            "replay.sample: batch=16, size=15, expected size >= batch",
                                            assertThrows(
                                                            IllegalStateException.class,
                                                            () -> side.sampler.sample(side.random))
                                                    .getMessage()));
        }
    }

    @Test
    void tellsOfABatchThatCouldNotBeDrawn() {
        try (Side side = new Side("cuda:0", "prioritized", VECTORS, 4, 4)) {
            final MemorySegment obs = Segments.of(1, 2, 3);
            final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
            for (int i = 0; i < 4; i++) {
                Transitions.add(side.replay, 0, obs, 0, 1, 1, obs, legal);
            }
            for (int i = 0; i < 100; i++) {
                side.replay.observe(0, obs, null); // nothing's observations are left
            }
            side.sampler.sample(side.random);
            assertEquals(
                    "replay.sample: rows=4 without a whole transition, size=4, expected none",
                    assertThrows(
                                    IllegalStateException.class,
                                    ((RecordableSampler) side.sampler)::requireWhole)
                            .getMessage());
        }
    }

    @Test
    void copiesWhatOtherThreadsWrite() throws InterruptedException {
        try (Side side = new Side("cuda:0", "prioritized", VECTORS, 5000, 64)) {
            final AtomicBoolean stop = new AtomicBoolean();
            final Thread[] writers = new Thread[3];
            for (int w = 0; w < writers.length; w++) {
                final int seed = w;
                writers[w] = new Thread(() -> write(side.replay, seed, stop));
                writers[w].start();
            }
            while (side.replay.size() < 64) {
                Thread.onSpinWait();
            }
            try {
                for (int draw = 0; draw < 150; draw++) {
                    side.sampler.sample(side.random);
                    assertWholeRows(side.batch);
                }
            } finally {
                stop.set(true);
                for (final Thread writer : writers) {
                    writer.join();
                }
            }
            ((RecordableSampler) side.sampler).requireWhole();
            side.sampler.sample(side.random);
            assertWholeRows(side.batch);
        }
    }

    /** Transitions all of whose numbers follow from the first. */
    private static void write(final Replay replay, final int seed, final AtomicBoolean stop) {
        final RandomStream random = new RandomStream(seed);
        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
        while (!stop.get()) {
            final float x = random.nextInt(1 << 20);
            final int observed = replay.observe(0, Segments.of(x, x + 1, x + 2), null);
            final int next = replay.observe(0, Segments.of(x + 3, x + 4, x + 5), null);
            replay.add(observed, (int) x % 3, x, 0.5f, next, 0, legal, 0);
            LockSupport.parkNanos(20_000); // a lap takes longer than to catch up
        }
    }

    private static void assertWholeRows(final BatchBuffers batch) {
        final float[] obs = Segments.floats(batch.obs());
        final float[] next = Segments.floats(batch.nextObs());
        final float[] reward = Segments.floats(batch.reward());
        final int[] action = Segments.ints(batch.action());
        for (int row = 0; row < batch.size(); row++) {
            final float x = reward[row];
            for (int i = 0; i < 3; i++) {
                assertEquals(x + i, obs[3 * row + i], "row " + row);
                assertEquals(x + 3 + i, next[3 * row + i], "row " + row);
            }
            assertEquals((int) x % 3, action[row], "row " + row);
        }
    }
}
