package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphGetNodes;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuGraphUpload;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;

/** Work that was queued once and is repeated by one launch, with the same buffers and arguments. */
final class CudaGraph implements AutoCloseable {
    private final CudaContext context;
    private final CUgraph graph;
    private final CUgraphExec executable = new CUgraphExec();
    private boolean closed;

    private CudaGraph(final CudaContext context, final CUgraph graph) {
        this.context = context;
        this.graph = graph;
        CudaStatus.driver("cuGraphInstantiate", cuGraphInstantiate(executable, graph, 0));
        CudaStatus.driver("cuGraphUpload", cuGraphUpload(executable, context.compute()));
    }

    /**
     * Records what {@code work} queues on the compute stream, and on streams that it joins to it by events and joins back.
     * Nothing runs. Work must have run once before, so that no library has anything left to prepare.
     *
     * @throws IllegalStateException if work allocates, copies to or from the host or waits; the recording is dropped
     */
    static CudaGraph capture(final CudaContext context, final Runnable work) {
        context.bind();
        context.requireNotCapturing("capture");
        final CUgraph graph = new CUgraph();
        CudaStatus.driver(
                "cuStreamBeginCapture",
                cuStreamBeginCapture(
                        context.compute(),
                        CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        context.capturing(true);
        try {
            work.run();
        } catch (final RuntimeException | Error e) {
            context.capturing(false);
            if (cuStreamEndCapture(context.compute(), graph) == 0) {
                cuGraphDestroy(graph);
            }
            throw e;
        }
        context.capturing(false);
        CudaStatus.driver("cuStreamEndCapture", cuStreamEndCapture(context.compute(), graph));
        return new CudaGraph(context, graph);
    }

    /** Queues all of it on the compute stream. */
    void launch() {
        context.bind();
        CudaStatus.driver("cuGraphLaunch", cuGraphLaunch(executable, context.compute()));
    }

    /** {@return the number of recorded operations} */
    int nodes() {
        final long[] count = {0};
        CudaStatus.driver("cuGraphGetNodes", cuGraphGetNodes(graph, null, count));
        return Math.toIntExact(count[0]);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.bind();
            CudaStatus.driver("cuGraphExecDestroy", cuGraphExecDestroy(executable));
            CudaStatus.driver("cuGraphDestroy", cuGraphDestroy(graph));
        }
    }
}
