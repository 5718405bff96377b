/** The contract between the engine and what computes: all that the engine may see of a backend. */
package greenwave.kernels;
