package greenwave.kernels.cuda;

import jcuda.driver.CUfunction;

/**
 * A kernel on one device.
 *
 * @param name as its source names it
 * @param handle what the driver launches
 */
record CudaFunction(String name, CUfunction handle) {}
