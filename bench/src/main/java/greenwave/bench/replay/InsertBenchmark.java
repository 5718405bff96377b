package greenwave.bench.replay;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
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
import java.util.concurrent.TimeUnit;

/** Guards inserting: an observation of 64 floats and the transition that leads to it. Run with {@code -prof gc}: 0 B/op. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class InsertBenchmark {
    private static final int OBS_SIZE = 64;
    private static final int ACTIONS = 4;
    private static final AgentGroup GROUP =
            new AgentGroup("64x4", List.of("agent"), OBS_SIZE, ACTIONS);

    @Param({"uniform", "prioritized"})
    public String kind;

    @Param("1048576")
    public int capacity;

    private Engine engine;
    private Arena arena;
    private Replay replay;
    private MemorySegment obs;
    private MemorySegment legal;
    private int observed;

    @Setup
    public void open() {
        engine = Engine.open(EngineConfig.builder().build());
        arena = Arena.ofShared();
        obs = arena.allocate(ValueLayout.JAVA_FLOAT, OBS_SIZE);
        legal = arena.allocate(ACTIONS).fill((byte) 1);
        replay =
                kind.equals("uniform")
                        ? UniformReplay.builder(engine, GROUP).capacity(capacity).build()
                        : PrioritizedReplay.builder(engine, GROUP).capacity(capacity).build();
        observed = replay.observe(0, obs, null);
        for (int i = 0; i < capacity; i++) {
            insert(); // the ring is full: every insert overwrites
        }
    }

    @TearDown
    public void close() {
        engine.close();
        arena.close();
    }

    /** Stores an observation and the transition that leads to it. */
    @Benchmark
    public void insert() {
        final int next = replay.observe(0, obs, null);
        replay.add(observed, 1, 0.5f, 0.99f, next, 0, legal, 0);
        observed = next;
    }
}
