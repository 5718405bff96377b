package greenwave.kernels.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuInit;

import jcuda.driver.CUdevice;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a device is.
 *
 * @param index its number in this process
 * @param name its model
 * @param capability the compute capability in tenths: 90 for 9.0
 * @param multiprocessors streaming multiprocessors
 */
record CudaDevice(int index, String name, int capability, int multiprocessors) {
    /** The oldest that our kernels are compiled for. */
    static final int OLDEST_CAPABILITY = 75;

    private static final int LONGEST_NAME = 256;

    /**
     * {@return why the device cannot be used, or empty if it can}
     *
     * @throws greenwave.kernels.DeviceException if the driver finds none
     */
    static Optional<String> refusal(final int index) {
        final Optional<String> missing = CudaLibraries.get().refusal();
        if (missing.isPresent()) {
            return missing;
        }
        final int count = count();
        if (index < 0 || index >= count) {
            return Optional.of(
                    "device=%d, expected less than the %d that there are".formatted(index, count));
        }
        final CudaDevice device = of(index);
        return device.capability >= OLDEST_CAPABILITY
                ? Optional.empty()
                : Optional.of(
                        "%s has compute capability %s, expected %s or later"
                                .formatted(
                                        device.name,
                                        dotted(device.capability),
                                        dotted(OLDEST_CAPABILITY)));
    }

    /** {@return every device that the driver shows this process; the libraries are loaded} */
    static List<CudaDevice> all() {
        return IntStream.range(0, count()).mapToObj(CudaDevice::of).toList();
    }

    /** @throws greenwave.kernels.DeviceException if there is none */
    private static int count() {
        CudaStatus.driver("cuInit", cuInit(0));
        final int[] count = {0};
        CudaStatus.driver("cuDeviceGetCount", cuDeviceGetCount(count));
        return count[0];
    }

    /** {@return the device of that number, which is there} */
    static CudaDevice of(final int index) {
        final CUdevice device = new CUdevice();
        CudaStatus.driver("cuDeviceGet", cuDeviceGet(device, index));
        final byte[] name = new byte[LONGEST_NAME];
        CudaStatus.driver("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
        return new CudaDevice(
                index,
                new String(name, StandardCharsets.UTF_8).split("\0", 2)[0],
                10 * attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                        + attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
    }

    private static int attribute(final CUdevice device, final int attribute) {
        final int[] value = {0};
        CudaStatus.driver("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    @Override
    public String toString() {
        return "%s, compute capability %s, %d multiprocessors"
                .formatted(name, dotted(capability), multiprocessors);
    }

    private static String dotted(final int capability) {
        return capability / 10 + "." + capability % 10;
    }
}
