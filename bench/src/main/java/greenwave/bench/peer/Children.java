package greenwave.bench.peer;

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
                    "MALLOC_TOP_PAD_", "268435456");

    /** Inherited settings of these would slow one side or both: kernels for other processors, other numbers of threads. */
    private static final List<String> FOREIGN =
            List.of(
                    "OPENBLAS_",
                    "GOTO_",
                    "OMP_",
                    "KMP_",
                    "MKL_",
                    "DNNL_",
                    "ONEDNN_",
                    "ATEN_",
                    "MALLOC_");

    /** {@return the same with another number of transitions per step} */
    Children withBatch(final int rows) {
        return new Children(net, rows, threads, backend);
    }

    Child greenwave(final Recipe recipe) throws IOException {
        final String classPath = System.getProperty("java.class.path");
        return new Child(
                "greenwave",
                java(
                        classPath,
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
        final String classPath =
                System.getProperty("java.class.path") + File.pathSeparator + peers.resolve("*");
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

    private static Path peerFolder() {
        final String folder = System.getProperty("greenwave.bench.peers");
        if (folder == null || Children.class.getResource("LibtorchWorker.class") == null) {
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
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main, net.toString(), Integer.toString(batch)));
        for (final Object argument : arguments) {
            command.add(argument.toString());
        }
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
        return builder;
    }
}
