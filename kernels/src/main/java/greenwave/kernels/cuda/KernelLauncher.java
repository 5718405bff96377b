package greenwave.kernels.cuda;

/**
 * Queues the kernels of {@link KernelName} on the compute stream of a context. All are loaded at once, since nothing may
 * be loaded while a graph is captured.
 */
final class KernelLauncher {
    /** Blocks of a launch that has one per row or image, at most: each then takes several. */
    private static final int MOST_BLOCKS = 1 << 20;

    private final CudaContext context;
    private final CudaFunction[] functions = new CudaFunction[KernelName.values().length];

    KernelLauncher(final CudaContext context) {
        this.context = context;
        context.bind();
        for (final KernelName name : KernelName.values()) {
            functions[name.ordinal()] = context.module(name.family()).function(name.function());
        }
    }

    /** {@return where it queues, current on this thread} */
    CudaContext context() {
        context.bind();
        return context;
    }

    /** {@return a launch that waits for its arguments and its grid} */
    CudaLaunch of(final KernelName name) {
        context.bind();
        return context.launch().of(functions[name.ordinal()]);
    }

    /** {@return as many blocks as there are of {@code parts}, or as are useful} */
    static int blocks(final long parts) {
        return (int) Math.min(parts, MOST_BLOCKS);
    }
}
