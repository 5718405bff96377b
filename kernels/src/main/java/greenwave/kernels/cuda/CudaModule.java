package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The kernels of one source file on one device; its context closes it. */
final class CudaModule implements AutoCloseable {
    /** The property that has kernels compiled at run time; off, as that takes a second each time and the driver's does not. */
    static final String COMPILE = "greenwave.cuda.nvrtc";

    private final CUmodule module = new CUmodule();
    private final String family;

    private CudaModule(final String family, final byte[] image) {
        this.family = family;
        CudaStatus.driver("cuModuleLoadData(" + family + ")", cuModuleLoadData(module, image));
    }

    /**
     * {@return the kernels of {@code family}: the packaged ones, which the driver compiles for the device and keeps; or, if
     * {@link #COMPILE} asks for it and NVRTC is there and knows the device, compiled from their source for it. The context is
     * bound}
     *
     * @param capability as {@link CudaDevice#capability}
     */
    static CudaModule load(final String family, final int capability) {
        if (Boolean.getBoolean(COMPILE)
                && CudaLibraries.get().nvrtcRefusal().isEmpty()
                && KernelCompiler.serves(capability)) {
            return new CudaModule(family, KernelCompiler.compile(family, capability));
        }
        final byte[] ptx = resource(family + ".ptx");
        return new CudaModule(family, Arrays.copyOf(ptx, ptx.length + 1)); // a C string
    }

    /**
     * {@return the kernel called {@code name}}
     *
     * @throws greenwave.kernels.DeviceException if there is none
     */
    CudaFunction function(final String name) {
        final CUfunction function = new CUfunction();
        CudaStatus.driver(
                "cuModuleGetFunction(" + family + ", " + name + ")",
                cuModuleGetFunction(function, module, name));
        return new CudaFunction(name, function);
    }

    /** {@return a file of this package's resources} */
    static byte[] resource(final String file) {
        try (InputStream in = CudaModule.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "kernels: resource=%s not found in the jar".formatted(file));
            }
            return in.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        CudaStatus.driver("cuModuleUnload", cuModuleUnload(module));
    }
}
