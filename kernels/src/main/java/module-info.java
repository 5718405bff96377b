/** Memory and arithmetic: the compute backends. Knows no tensors. */
module greenwave.kernels {}
