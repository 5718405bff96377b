/**
 * The backend on NVIDIA devices: driver, cuBLAS and cuDNN through JCuda, and kernels of our own. The only package that
 * uses JCuda.
 */
package greenwave.kernels.cuda;
