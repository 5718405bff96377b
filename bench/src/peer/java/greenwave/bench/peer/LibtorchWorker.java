package greenwave.bench.peer;

import java.io.IOException;

/** The process that runs libtorch. */
public final class LibtorchWorker {
    private LibtorchWorker() {}

    /**
     * Serves until its input ends.
     *
     * @param args net, batch
     */
    public static void main(final String[] args) throws IOException {
        final PeerNet net = PeerNet.of(args[0]);
        final int batch = Integer.parseInt(args[1]);
        try (Subject subject = new LibtorchSubject(net)) {
            Worker.serve(subject, net, batch);
        }
    }
}
