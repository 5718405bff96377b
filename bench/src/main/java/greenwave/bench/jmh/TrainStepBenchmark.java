package greenwave.bench.jmh;

import greenwave.bench.peer.GreenwaveSubject;
import greenwave.bench.peer.PeerNet;
import greenwave.bench.peer.Task;
import greenwave.bench.peer.TransitionBatch;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Guards the gradient step (target, forward, backward, clip, AdamW, soft update) of the networks that {@code peers} compares,
 * on a batch that lies ready. Run with {@code -prof gc}: 0 B/op.
 */
public class TrainStepBenchmark extends SubjectBenchmark {
    /** Network and batch size. */
    @Param({"mlp/32", "mlp/128", "mlp/512", "conv/128", "two/128"})
    public String step;

    private Runnable work;

    @Setup
    public void open() {
        final PeerNet net = PeerNet.of(step.split("/")[0]);
        final int batch = Integer.parseInt(step.split("/")[1]);
        final GreenwaveSubject subject = open(net, batch);
        subject.load(TransitionBatch.of(net, batch, 0));
        work = subject.work(Task.TRAIN);
    }

    @Benchmark
    public void trainStep() {
        work.run();
    }
}
