package greenwave.bench.peer;

import java.io.IOException;

/** The process that runs our side. */
public final class GreenwaveWorker {
    private GreenwaveWorker() {}

    /**
     * Serves until its input ends.
     *
     * @param args net, batch, recipe, backend
     */
    public static void main(final String[] args) throws IOException {
        final PeerNet net = PeerNet.of(args[0]);
        final int batch = Integer.parseInt(args[1]);
        try (Subject subject = new GreenwaveSubject(net, batch, args[3], Recipe.valueOf(args[2]))) {
            Worker.serve(subject, net, batch);
        }
    }
}
