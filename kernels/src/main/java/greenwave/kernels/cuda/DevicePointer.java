package greenwave.kernels.cuda;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Device memory whose address can be read, and pointers to addresses: JCuda keeps both to itself. */
final class DevicePointer extends CUdeviceptr {
    /** {@return the address, 0 before an allocation} */
    long address() {
        return getNativePointer();
    }

    /** {@return device memory at {@code address}} */
    static CUdeviceptr at(final long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    /** {@return host memory at {@code address}, which the caller keeps alive} */
    static Pointer host(final long address) {
        return new Pointer().withByteOffset(address);
    }
}
