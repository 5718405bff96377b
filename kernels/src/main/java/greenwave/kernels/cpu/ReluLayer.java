package greenwave.kernels.cpu;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;

/**
 * ReLU on the result of a primitive. Not oneDNN's: forward it takes NaN for zero, so that a net that has diverged would look
 * sane, and backward it takes NaN for a positive number.
 */
final class ReluLayer {
    private final Kernels kernels;
    private final Buffer slope; // null unless training

    ReluLayer(
            final OneDnnObjects objects,
            final Kernels kernels,
            final OneDnnLayout layout,
            final boolean training) {
        final long length = layout.length();
        this.kernels = kernels;
        this.slope =
                training
                        ? new HostBuffer(
                                DType.F32, length, objects.memory(length * Float.BYTES), null)
                        : null;
    }

    /** y = max(0, y). */
    void forward(final Buffer y) {
        kernels.relu(y, y);
    }

    /** {@return dy where y is positive, else 0; overwritten by the next call} */
    MemorySegment gradient(final Buffer y, final Buffer dy) {
        kernels.fill(slope, 0);
        kernels.addReluGradient(y, dy, slope);
        return slope.segment();
    }
}
