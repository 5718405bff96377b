package greenwave.bench.jmh;

import greenwave.bench.peer.GreenwaveSubject;
import greenwave.bench.peer.PeerNet;
import greenwave.bench.peer.Recipe;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/** A hot path of one of the networks that {@code peers} compares. */
public abstract class SubjectBenchmark extends HotPathBenchmark {
    @Param("cpu")
    public String backend;

    private GreenwaveSubject subject;

    /** {@return a learner of the network, which is closed after the trial} */
    final GreenwaveSubject open(final PeerNet net, final int batch) {
        subject = new GreenwaveSubject(net, batch, backend, Recipe.TUTORIAL);
        return subject;
    }

    @TearDown
    public void close() {
        subject.close();
    }
}
