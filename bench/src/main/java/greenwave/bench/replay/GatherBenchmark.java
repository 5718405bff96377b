package greenwave.bench.replay;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.replay.Batch;
import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Guards prioritized replay as a learner meets it: transitions drawn, gathered into the inputs of a plan, and their
 * priorities updated. Two observations of 64 floats, action, reward, discount and 52 actions to mask: 576 bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class GatherBenchmark {
    private static final int BATCH = 128;
    private static final int OBS_SIZE = 64;
    private static final int ACTIONS = 52;
    private static final int EPISODE = 200; // steps

    @Param("1048576")
    public int capacity;

    private Engine engine;
    private Plan plan;
    private PrioritizedReplay replay;
    private BatchSampler sampler;
    private Buffer errors;
    private final SplittableRandom random = new SplittableRandom(7);

    @Setup
    public void open() {
        engine = Engine.open(EngineConfig.builder().build());
        final AgentGroup group = new AgentGroup("gather", List.of("agent"), OBS_SIZE, ACTIONS);
        replay = PrioritizedReplay.builder(engine, group).capacity(capacity).build();
        final Trace trace = new Trace();
        final Batch batch = Batch.inputs(trace, BATCH, group, true);
        plan = Plan.builder(engine.backend(), trace).build();
        sampler = replay.sampler(batch.buffers(plan));
        errors = engine.backend().allocate(DType.F32, BATCH);
        try (Arena arena = Arena.ofConfined()) {
            fill(arena);
            final MemorySegment host = arena.allocate(ValueLayout.JAVA_FLOAT, BATCH);
            for (int i = 0; i < BATCH; i++) {
                host.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
            errors.upload(0, host, 0, BATCH);
        }
    }

    private void fill(final Arena arena) {
        final MemorySegment obs = arena.allocate(ValueLayout.JAVA_FLOAT, OBS_SIZE);
        final MemorySegment legal = arena.allocate(ACTIONS).fill((byte) 1);
        int episode = 0;
        int observed = 0;
        for (int i = 0; i < capacity; i++) {
            if (i % EPISODE == 0) {
                episode = replay.beginEpisode();
                observed = replay.observe(0, obs, null);
            }
            obs.setAtIndex(ValueLayout.JAVA_FLOAT, i % OBS_SIZE, (float) random.nextGaussian());
            final int next = replay.observe(0, obs, null);
            replay.add(observed, i % ACTIONS, 1, 0.99f, next, 0, legal, episode);
            observed = next;
        }
    }

    @TearDown
    public void close() {
        errors.close();
        replay.close();
        plan.close();
        engine.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void gather() {
        sampler.sample(random);
        sampler.update(errors);
    }
}
