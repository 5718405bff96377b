package greenwave.bench.jmh;

import greenwave.bench.peer.GreenwaveSubject;
import greenwave.bench.peer.PeerNet;

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

import java.util.concurrent.TimeUnit;

/**
 * Guards greedy decisions of the networks that {@code peers} compares, observations in and actions out included. Run with
 * {@code -prof gc}: 0 B/op.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 2) // the Vector API is slow until all of it is compiled
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Xms1g",
            "-Xmx1g",
            "-XX:+AlwaysPreTouch"
        })
public class ActBenchmark {
    /** Network and observations at a time. */
    @Param({"mlp/1", "mlp/8", "mlp/64", "conv/1", "two/1"})
    public String act;

    @Param("cpu")
    public String backend;

    private GreenwaveSubject subject;
    private Runnable work;

    @Setup
    public void open() {
        final PeerNet net = PeerNet.of(act.split("/")[0]);
        final int rows = Integer.parseInt(act.split("/")[1]);
        subject = new GreenwaveSubject(net, 1, backend);
        work =
                net.acting().stream()
                        .filter(task -> task.rows() == rows)
                        .findFirst()
                        .map(subject::work)
                        .orElseThrow();
    }

    @TearDown
    public void close() {
        subject.close();
    }

    @Benchmark
    public void act() {
        work.run();
    }
}
