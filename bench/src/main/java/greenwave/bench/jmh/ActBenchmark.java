package greenwave.bench.jmh;

import greenwave.bench.peer.GreenwaveSubject;
import greenwave.bench.peer.PeerNet;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Guards greedy decisions of the networks that {@code peers} compares, observations in and actions out included. Run with
 * {@code -prof gc}: 0 B/op.
 */
public class ActBenchmark extends SubjectBenchmark {
    /** Network and observations at a time. */
    @Param({"mlp/1", "mlp/8", "mlp/64", "conv/1", "two/1"})
    public String act;

    private Runnable work;

    @Setup
    public void open() {
        final PeerNet net = PeerNet.of(act.split("/")[0]);
        final int rows = Integer.parseInt(act.split("/")[1]);
        final GreenwaveSubject subject = open(net, 1);
        work =
                net.acting().stream()
                        .filter(task -> task.rows() == rows)
                        .findFirst()
                        .map(subject::work)
                        .orElseThrow();
    }

    @Benchmark
    public void act() {
        work.run();
    }
}
