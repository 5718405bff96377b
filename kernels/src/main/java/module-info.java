/** Memory and arithmetic: the compute backends. Knows no tensors. */
module greenwave.kernels {
    requires jcublas;
    requires jcuda;
    requires jcudnn;
    requires static jdk.incubator.vector; // where it is asked for

    exports greenwave.kernels;

    uses greenwave.kernels.BackendProvider;

    // The class path ignores this clause: META-INF/services names the same providers.
    provides greenwave.kernels.BackendProvider with
            greenwave.kernels.cpu.CpuProvider,
            greenwave.kernels.cpu.ReferenceProvider,
            greenwave.kernels.cuda.CudaProvider;
}
