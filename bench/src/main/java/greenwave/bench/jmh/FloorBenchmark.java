package greenwave.bench.jmh;

import greenwave.bench.FmaPeak;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
import java.util.concurrent.TimeUnit;

/**
 * What the machine allows, to read the other figures against: fused multiply-adds of one core ({@code flops}, per
 * second), and copying memory in and out of its caches ({@code bytes} copied, per second).
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FloorBenchmark {
    /** Counts arithmetic. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Arithmetic {
        public long flops;

        private final FmaPeak peak = new FmaPeak();

        @Setup(Level.Iteration)
        public void clear() {
            flops = 0;
        }
    }

    /** Counts what was copied. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Traffic {
        public long bytes;

        @Setup(Level.Iteration)
        public void clear() {
            bytes = 0;
        }
    }

    /** Two regions; apart from the counters, which JMH clears with every number beside them. */
    @State(Scope.Thread)
    public static class Memory {
        /** In the first-level cache with its copy; in the second; in memory. */
        @Param({"16384", "262144", "134217728"})
        public long size;

        private Arena arena;
        private MemorySegment from;
        private MemorySegment to;

        @Setup
        public void allocate() {
            arena = Arena.ofShared();
            from = arena.allocate(size, 64).fill((byte) 1);
            to = arena.allocate(size, 64).fill((byte) 2);
        }

        @TearDown
        public void free() {
            arena.close();
        }
    }

    @Benchmark
    public float fma(final Arithmetic arithmetic) {
        arithmetic.flops += FmaPeak.flopsPerRun();
        return arithmetic.peak.run();
    }

    @Benchmark
    public MemorySegment copy(final Memory memory, final Traffic traffic) {
        traffic.bytes += memory.size;
        return memory.to.copyFrom(memory.from);
    }
}
