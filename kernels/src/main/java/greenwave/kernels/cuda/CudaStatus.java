package greenwave.kernels.cuda;

import greenwave.kernels.DeviceException;

import jcuda.driver.JCudaDriver;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;

/**
 * Turns a status that is no success into an exception. Every call's status goes through here: JCuda's own exceptions are
 * a switch of the whole process, which belongs to whoever embeds us. Success allocates nothing.
 */
final class CudaStatus {
    private CudaStatus() {}

    /** Checks a status of the driver. */
    static void driver(final String call, final int status) {
        if (status != 0) {
            throw new DeviceException(call, status, driverText(status));
        }
    }

    /** Checks a status of cuBLAS. */
    static void blas(final String call, final int status) {
        if (status != 0) {
            throw new DeviceException(call, status, cublasStatus.stringFor(status));
        }
    }

    /** Checks a status of cuDNN, whose numbers changed with its version 9: the library itself names them. */
    static void dnn(final String call, final int status) {
        if (status != 0) {
            throw new DeviceException(call, status, JCudnn.cudnnGetErrorString(status));
        }
    }

    /** Checks a status of NVRTC. */
    static void nvrtc(final String call, final int status) {
        if (status != 0) {
            throw new DeviceException(call, status, JNvrtc.nvrtcGetErrorString(status));
        }
    }

    /** {@return the driver's name and text of a status} */
    static String driverText(final int status) {
        final String[] name = {null};
        final String[] text = {null};
        JCudaDriver.cuGetErrorName(status, name);
        JCudaDriver.cuGetErrorString(status, text);
        return name[0] == null
                ? "not a status that the driver knows"
                : name[0] + " (" + text[0] + ")";
    }
}
