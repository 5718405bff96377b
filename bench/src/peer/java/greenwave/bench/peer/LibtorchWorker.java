package greenwave.bench.peer;

import org.bytedeco.javacpp.Loader;

import java.io.IOException;
import java.util.List;

/** The process that runs libtorch. */
public final class LibtorchWorker {
    private LibtorchWorker() {}

    /**
     * Serves until its input ends.
     *
     * @param args net, batch, recipe, threads, whether its first weights are nudged
     */
    public static void main(final String[] args) throws IOException {
        extractLibraries();
        final PeerNet net = PeerNet.of(args[0]);
        final int batch = Integer.parseInt(args[1]);
        final Recipe recipe = Recipe.valueOf(args[2]);
        final int threads = Integer.parseInt(args[3]);
        final boolean nudged = Boolean.parseBoolean(args[4]);
        try (Subject subject = new LibtorchSubject(net, recipe, threads, nudged)) {
            Worker.serve(subject, net, batch);
        }
    }

    /** Before the first library is loaded: it crashes the JVM if those that it needs are not all there. */
    private static void extractLibraries() throws IOException {
        for (final String preset : List.of("openblas", "pytorch")) {
            Loader.cacheResources("/org/bytedeco/%s/%s/".formatted(preset, Loader.getPlatform()));
        }
    }
}
