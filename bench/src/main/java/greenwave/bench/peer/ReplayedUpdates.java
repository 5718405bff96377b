package greenwave.bench.peer;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/** Whole updates: a draw from a prioritised replay, the step, and the priorities that it gives. */
final class ReplayedUpdates implements AutoCloseable {
    private final Engine engine;
    private final Learner learner;

    /**
     * Opens an engine with a full replay of invented transitions.
     *
     * @param capacity transitions
     * @throws IllegalArgumentException if the backend cannot be had; the message says why
     */
    ReplayedUpdates(final PeerNet net, final int batch, final int capacity, final String backend) {
        engine = Engine.open(EngineConfig.builder().backend(backend).seed(Subject.SEED).build());
        final Replay replay =
                PrioritizedReplay.builder(engine, group(net)).capacity(capacity).build();
        fill(net, replay);
        learner =
                Learner.builder(net.build(engine), replay)
                        .batch(batch)
                        .learningRate(Recipe.TUTORIAL.learningRate(net))
                        .build();
    }

    private static AgentGroup group(final PeerNet net) {
        int width = 0;
        ImageSpec image = null;
        for (final ObsPart part : net.obs()) {
            if (part.isImage()) {
                image = new ImageSpec(part.dims()[0], part.dims()[1], part.dims()[2]);
            } else {
                width = part.size();
            }
        }
        final List<String> agents = List.of("a");
        return image == null
                ? new AgentGroup("device", agents, width, net.actions())
                : new AgentGroup("device", agents, width, net.actions(), image);
    }

    private static void fill(final PeerNet net, final Replay replay) {
        final SplittableRandom random = new SplittableRandom(Subject.SEED);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment legal = arena.allocate(net.actions()).fill((byte) 1);
            int observed = observe(net, replay, random);
            while (replay.size() < replay.capacity()) {
                final int next = observe(net, replay, random);
                replay.add(
                        observed,
                        random.nextInt(net.actions()),
                        (float) random.nextGaussian(),
                        TransitionBatch.GAMMA,
                        next,
                        0,
                        legal,
                        0);
                observed = next;
            }
        }
    }

    private static int observe(
            final PeerNet net, final Replay replay, final SplittableRandom random) {
        MemorySegment vector = null;
        MemorySegment image = null;
        for (final ObsPart part : net.obs()) {
            if (part.isImage()) {
                image = part.draw(random, 1);
            } else {
                vector = part.draw(random, 1);
            }
        }
        return replay.observe(0, vector, image);
    }

    /** {@return seconds that {@code count} updates take, until the device has done the last} */
    double seconds(final int count) {
        learner.loss(); // waits for what was queued before
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            learner.update();
        }
        final float loss = learner.loss();
        final double seconds = (System.nanoTime() - start) * 1e-9;
        if (!Float.isFinite(loss)) {
            throw new IllegalStateException("update: loss=%s, expected a number".formatted(loss));
        }
        return seconds;
    }

    @Override
    public void close() {
        engine.close();
    }
}
