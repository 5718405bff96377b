package greenwave.bench.jmh;

import greenwave.bench.peer.GreenwaveSubject;
import greenwave.bench.peer.PeerNet;
import greenwave.bench.peer.Task;
import greenwave.bench.peer.TransitionBatch;

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
 * Guards the gradient step (target, forward, backward, clip, AdamW, soft update) of the networks that {@code peers} compares,
 * on a batch that lies ready. Run with {@code -prof gc}: 0 B/op.
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
public class TrainStepBenchmark {
    /** Network and batch size. */
    @Param({"mlp/32", "mlp/128", "mlp/512", "conv/128", "two/128"})
    public String step;

    @Param("cpu")
    public String backend;

    private GreenwaveSubject subject;
    private Runnable work;

    @Setup
    public void open() {
        final PeerNet net = PeerNet.of(step.split("/")[0]);
        final int batch = Integer.parseInt(step.split("/")[1]);
        subject = new GreenwaveSubject(net, batch, backend);
        subject.load(TransitionBatch.of(net, batch, 0));
        work = subject.work(Task.TRAIN);
    }

    @TearDown
    public void close() {
        subject.close();
    }

    @Benchmark
    public void trainStep() {
        work.run();
    }
}
