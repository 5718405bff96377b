package greenwave.bench.peer;

import greenwave.bench.BenchProcess;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts the processes that are compared, each with the environment that suits it.
 *
 * @param batch transitions per step
 * @param threads of each
 * @param backend ours
 */
record Children(PeerNet net, int batch, int threads, String backend) {
    private static final String LIBTORCH = "greenwave.bench.peer.LibtorchWorker";

    /** Keeps glibc from giving memory back between steps, which costs libtorch up to 1.8 times the time. */
    private static final Map<String, String> LIBTORCH_AT_ITS_BEST =
            Map.of(
                    "MALLOC_MMAP_THRESHOLD_", "4294967296",
                    "MALLOC_TRIM_THRESHOLD_", "4294967296",
                    "MALLOC_TOP_PAD_", "268435456",
                    // Its matrices' threads spin beside those of its images: 187 ms instead of 88
                    // on two.
                    "OPENBLAS_NUM_THREADS", "1");

    /** {@return the same with another number of transitions per step} */
    Children withBatch(final int rows) {
        return new Children(net, rows, threads, backend);
    }

    Child greenwave(final Recipe recipe) throws IOException {
        return new Child(
                "greenwave",
                java(
                        "",
                        List.of("-Dgreenwave.threads=" + threads),
                        GreenwaveWorker.class.getName(),
                        recipe,
                        backend));
    }

    /**
     * Starts libtorch.
     *
     * @throws IllegalArgumentException if the build has no peers; the message says how to build them
     */
    Child libtorch(final Recipe recipe) throws IOException {
        return libtorch(recipe, false);
    }

    /** As {@link #libtorch(Recipe)}, every second of its first weights moved to the next float. */
    Child nudgedLibtorch(final Recipe recipe) throws IOException {
        return libtorch(recipe, true);
    }

    private Child libtorch(final Recipe recipe, final boolean nudged) throws IOException {
        final Path peers = peerFolder();
        final String classPath = File.pathSeparator + peers.resolve("*");
        final ProcessBuilder command =
                java(
                        classPath,
                        List.of("-Dorg.bytedeco.javacpp.cachedir=" + peers.resolve("natives")),
                        LIBTORCH,
                        recipe,
                        threads,
                        nudged);
        command.environment().putAll(LIBTORCH_AT_ITS_BEST);
        command.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        return new Child("libtorch", command);
    }

    /** {@return whether the build has libtorch} */
    static boolean built() {
        return System.getProperty("greenwave.bench.peers") != null
                && Children.class.getResource("LibtorchWorker.class") != null;
    }

    private static Path peerFolder() {
        final String folder = System.getProperty("greenwave.bench.peers");
        if (!built()) {
            throw new IllegalArgumentException(
                    "peers: built without libtorch; build it with: mvn -q -Ppeers -DskipTests"
                            + " package");
        }
        return Path.of(folder);
    }

    private ProcessBuilder java(
            final String classPath,
            final List<String> options,
            final String main,
            final Object... arguments) {
        final List<String> all = new ArrayList<>(List.of(net.toString(), Integer.toString(batch)));
        for (final Object argument : arguments) {
            all.add(argument.toString());
        }
        return BenchProcess.java(classPath, options, main, all);
    }
}
