/** Backends on the host's memory: plain loops as the reference, OpenBLAS where it serves, and oneDNN for images. */
package greenwave.kernels.cpu;
