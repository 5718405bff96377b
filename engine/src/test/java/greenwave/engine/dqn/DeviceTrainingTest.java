package greenwave.engine.dqn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.EmulatedDevice;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.io.Safetensors.Entry;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.Parameters;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;
import greenwave.engine.optim.Sgd;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.StoredPriorities;
import greenwave.engine.replay.StoredReplay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Whole updates on a device, recorded once and replayed, beside those of the plain backend: the same transitions, weights and
 * seed. What this does not prove is said of the emulation.
 */
@Tag("cuda")
class DeviceTrainingTest {
    private static final AgentGroup VECTOR = new AgentGroup("v", List.of("a"), 4, 2);
    private static final AgentGroup IMAGE =
            new AgentGroup("i", List.of("a"), 0, 3, new ImageSpec(2, 9, 9));
    private static final AgentGroup BOTH =
            new AgentGroup("b", List.of("a"), 5, 3, new ImageSpec(1, 10, 10));

    private static AgentGroup group(final String net) {
        return switch (net) {
            case "conv" -> IMAGE;
            case "two" -> BOTH;
            default -> VECTOR;
        };
    }

    private static QNetwork net(final Engine engine, final String name) {
        return switch (name) {
            case "mlp" ->
                    QNet.builder(engine)
                            .input(4)
                            .linear(32)
                            .relu()
                            .linear(32)
                            .relu()
                            .actions(2)
                            .build();
            case "conv" ->
                    QNet.builder(engine)
                            .image(2, 9, 9)
                            .conv2d(4, 3, 2)
                            .batchNorm()
                            .relu()
                            .flatten()
                            .actions(3)
                            .build();
            case "two" ->
                    TwoInputQNet.builder(engine)
                            .image(1, 10, 10, new Conv2d(1, 4, 4, 2), new ReLU())
                            .vector(5, new Linear(5, 8), new ReLU())
                            .hidden(16)
                            .actions(3);
            default -> Variants.net(engine, VECTOR, name);
        };
    }

    private static Replay replay(final Engine engine, final String kind, final AgentGroup group) {
        return kind.equals("uniform")
                ? UniformReplay.builder(engine, group).capacity(200).build()
                : PrioritizedReplay.builder(engine, group).capacity(200).beta(0.4, 1, 50).build();
    }

    private static LearnerBuilder settings(final LearnerBuilder learner, final String variant) {
        return switch (variant) {
            case "double" -> learner.doubleQ(true);
            case "several" ->
                    learner.batchesPerUpdate(2).averageBatches().gradientNorm(1).huberBeta(0.5f);
            case "sgd" -> learner.optimizer((engine, all) -> new Sgd(engine, all, 0.02));
            case "hard" -> learner.targetUpdate(TargetUpdate.hard(7));
            case "errors" -> learner.timesError();
            default -> learner;
        };
    }

    /** A learner on one backend. */
    private static final class Side implements AutoCloseable {
        final Engine engine;
        final QNetwork net;
        final Replay replay;
        final Learner learner;

        Side(
                final String backend,
                final String net,
                final String kind,
                final UnaryOperator<LearnerBuilder> settings) {
            this.engine = Engine.open(EngineConfig.builder().backend(backend).seed(5).build());
            this.net = net(engine, net);
            this.replay = replay(engine, kind, group(net));
            this.learner = settings.apply(Learner.builder(this.net, replay)).build();
        }

        @Override
        public void close() {
            learner.close();
            replay.close();
            net.close();
            engine.close();
        }
    }

    /** Adds a transition, the same for the same state of {@code world}. */
    private static void add(final Replay replay, final AgentGroup group, final RandomStream world) {
        final int from = observe(replay, group, world);
        final int action = world.nextInt(group.actions());
        final int next = observe(replay, group, world);
        final byte[] legal = new byte[group.actions()];
        legal[world.nextInt(legal.length)] = 1;
        legal[world.nextInt(legal.length)] = 1;
        final float discount = world.nextInt(8) == 0 ? 0 : 0.9f;
        final float reward = action + (float) world.nextGaussian();
        replay.add(from, action, reward, discount, next, 0, Segments.of(legal), 0);
    }

    private static int observe(
            final Replay replay, final AgentGroup group, final RandomStream world) {
        final float[] vector = new float[group.obsSize()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) world.nextGaussian();
        }
        final byte[] image = new byte[group.imageSize()];
        world.nextBytes(image);
        return replay.observe(0, Segments.of(vector), Segments.of(image));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({
        "mlp, uniform, plain, 100",
        "mlp, prioritized, double, 100",
        "mlp, prioritized, several, 20",
        "mlp, uniform, hard, 20",
        "mlp, prioritized, errors, 20", // no pass has this loss: it is composed of ops
        "rainbow, prioritized, double, 20",
        // Batch normalisation leaves the biases before it no gradient but rounding, which Adam
        // would blow up.
        "conv, prioritized, sgd, 20",
        "two, uniform, double, 20",
        "two, prioritized, plain, 20"
    })
    void learnsAsOnTheHost(
            final String net, final String kind, final String variant, final int updates) {
        final UnaryOperator<LearnerBuilder> settings =
                builder -> settings(builder.batch(24).learningRate(1e-3).tau(0.05f), variant);
        try (Side host = new Side("reference", net, kind, settings);
                Side device = new Side("cuda:0", net, kind, settings)) {
            final RandomStream hostWorld = new RandomStream(2);
            final RandomStream deviceWorld = new RandomStream(2);
            float first = 0;
            float last = 0;
            for (int update = 0; update < updates; update++) {
                for (int i = update == 0 ? -100 : 0; i < update % 3; i++) {
                    add(host.replay, group(net), hostWorld);
                    add(device.replay, group(net), deviceWorld);
                }
                host.learner.update();
                device.learner.update();
                final float loss = host.learner.loss();
                assertEquals(loss, device.learner.loss(), 1e-5f * (1 + loss), "loss " + update);
                first = update == 0 ? loss : first;
                last = loss;
            }
            assertTrue(updates < 100 || last < first, first + " to " + last);
            assertClose("online", host.net.parameters(), device.net.parameters());
            assertClose(
                    "target",
                    host.learner.target().parameters(),
                    device.learner.target().parameters());
            assertArrayEquals(
                    StoredPriorities.of(host.replay), StoredPriorities.of(device.replay), 1e-4);
            assertEquals(host.learner.drainLossSum(), device.learner.drainLossSum(), 1e-3);
            host.learner.settle();
            device.learner.settle();
            assertEquals(host.engine.randomStates(), device.engine.randomStates());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "prioritized"})
    void anUpdateWaitsForNothing(final String kind) {
        try (Side device = new Side("cuda:0", "mlp", kind, builder -> builder.batch(8))) {
            final RandomStream world = new RandomStream(2);
            for (int i = 0; i < 50; i++) {
                add(device.replay, VECTOR, world);
            }
            device.learner.update();
            device.learner.update(); // records
            device.learner.loss();
            final long before = EmulatedDevice.launches();
            for (int update = 2; update < 50; update++) {
                device.learner.update();
            }
            assertEquals(before, EmulatedDevice.launches(), "kernels that something waited for");
            device.learner.loss();
            final long ran = EmulatedDevice.launches() - before;
            assertTrue(ran >= 48 * 10 && ran % 48 == 0, ran + " kernels");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theOrderOfThreadsChangesNothing(final int order) {
        final float[][] weights = new float[2][];
        try {
            for (int run = 0; run < 2; run++) {
                EmulatedDevice.order(run * order);
                try (Side device =
                        new Side("cuda:0", "mlp", "prioritized", builder -> builder.batch(40))) {
                    final RandomStream world = new RandomStream(2);
                    for (int update = 0; update < 6; update++) {
                        for (int i = update == 0 ? -100 : 0; i < 5; i++) {
                            add(device.replay, VECTOR, world);
                        }
                        device.learner.update();
                    }
                    weights[run] = Segments.floats(device.net.parameters().values());
                }
            }
        } finally {
            EmulatedDevice.order(0);
        }
        assertArrayEquals(weights[0], weights[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "prioritized"})
    void goesOnFromACheckpointToTheLastBit(final String kind, @TempDir final Path folder)
            throws IOException {
        final Path file = folder.resolve("replay");
        final UnaryOperator<LearnerBuilder> settings = builder -> builder.batch(16);
        try (Side one = new Side("cuda:0", "mlp", kind, settings);
                Side other = new Side("cuda:0", "mlp", kind, settings)) {
            final RandomStream world = new RandomStream(2);
            train(one, world, 7);
            one.learner.settle();
            other.engine.restoreRandomStates(one.engine.randomStates());
            other.learner
                    .state()
                    .restore(
                            one.learner.state().save().stream()
                                    .collect(Collectors.toMap(Entry::name, e -> e)));
            other.learner.restoreUpdates(one.learner.updates());
            ((StoredReplay) one.replay).save(file);
            ((StoredReplay) other.replay).load(file);
            final RandomStream sameWorld = new RandomStream(world.state());
            train(one, world, 7);
            train(other, sameWorld, 7);
            assertArrayEquals(
                    Segments.floats(one.net.parameters().values()),
                    Segments.floats(other.net.parameters().values()));
            assertArrayEquals(StoredPriorities.of(one.replay), StoredPriorities.of(other.replay));
        }
    }

    private static void train(final Side side, final RandomStream world, final int updates) {
        for (int update = 0; update < updates; update++) {
            for (int i = 0; i < 20; i++) {
                add(side.replay, VECTOR, world);
            }
            side.learner.update();
        }
    }

    @Test
    void actsAsOnTheHost() {
        final int[] rows = {1, 3, 8, 40, 64, 130};
        try (Side host = new Side("reference", "two", "uniform", builder -> builder.batch(8));
                Side device = new Side("cuda:0", "two", "uniform", builder -> builder.batch(8));
                Policy onHost = Policy.of(host.net);
                Policy onDevice = Policy.of(device.net)) {
            final RandomStream world = new RandomStream(6);
            for (int round = 0; round < 3; round++) { // eager, recorded, replayed
                for (final int n : rows) {
                    final float[] obs = new float[n * BOTH.obsSize()];
                    for (int i = 0; i < obs.length; i++) {
                        obs[i] = (float) world.nextGaussian();
                    }
                    final byte[] image = new byte[n * BOTH.imageSize()];
                    world.nextBytes(image);
                    final byte[] legal = new byte[n * BOTH.actions()];
                    for (int row = 0; row < n; row++) {
                        legal[row * BOTH.actions() + world.nextInt(BOTH.actions())] = 1;
                        legal[row * BOTH.actions() + world.nextInt(BOTH.actions())] = 1;
                    }
                    for (final byte[] mask : new byte[][] {null, legal, null, null}) {
                        final MemorySegment allowed = mask == null ? null : Segments.of(mask);
                        final int[] expected = new int[n];
                        final int[] chosen = new int[n];
                        onHost.act(Segments.of(obs), Segments.of(image), allowed, expected);
                        onDevice.act(Segments.of(obs), Segments.of(image), allowed, chosen);
                        assertArrayEquals(expected, chosen, n + " rows");
                    }
                }
            }
        }
    }

    private static void assertClose(
            final String what, final Parameters expected, final Parameters found) {
        for (int i = 0; i < expected.all().size(); i++) {
            final Parameter parameter = expected.all().get(i);
            assertArrayEquals(
                    Segments.floats(parameter.value()),
                    Segments.floats(found.all().get(i).value()),
                    1e-5f,
                    what + " " + parameter.name());
        }
    }
}
