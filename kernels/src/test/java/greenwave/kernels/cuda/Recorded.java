package greenwave.kernels.cuda;

import greenwave.kernels.Backend;

/** Lets tests of the contract record a graph. */
public final class Recorded {
    private Recorded() {}

    /** Records {@code work} on the backend's compute stream, which runs nothing, then replays it once. */
    public static void replay(final Backend backend, final Runnable work) {
        try (CudaGraph graph = CudaGraph.capture(((CudaBackend) backend).context(), work)) {
            graph.launch();
            ((CudaBackend) backend).context().synchronize();
        }
    }
}
