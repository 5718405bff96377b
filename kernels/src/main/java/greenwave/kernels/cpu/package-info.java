/** Backends on the host's memory: plain loops as the reference, and OpenBLAS where it serves. */
package greenwave.kernels.cpu;
