/**
 * Backends on the host's memory: plain loops as the reference, OpenBLAS where it serves, and for images oneDNN, or where it
 * is faster a convolution of our own.
 */
package greenwave.kernels.cpu;
