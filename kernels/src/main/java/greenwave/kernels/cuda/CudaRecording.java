package greenwave.kernels.cuda;

import greenwave.kernels.Recording;

/** Calls recorded as one graph. */
record CudaRecording(CudaGraph graph) implements Recording {
    @Override
    public void replay() {
        graph.launch();
    }

    @Override
    public void close() {
        graph.close();
    }
}
