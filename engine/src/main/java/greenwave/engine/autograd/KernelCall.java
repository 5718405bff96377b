package greenwave.engine.autograd;

import greenwave.kernels.Kernels;

/** A part of a plan: kernel calls over buffers bound when the plan was built. It allocates nothing and reads nothing back. */
@FunctionalInterface
public interface KernelCall {
    /** Queues the calls. */
    void run(Kernels kernels);
}
