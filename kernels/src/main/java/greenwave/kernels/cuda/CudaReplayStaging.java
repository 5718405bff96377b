package greenwave.kernels.cuda;

import greenwave.kernels.DType;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ReplayStaging;

import java.lang.foreign.MemorySegment;

/**
 * One of the areas through which new transitions go to a device: page-locked, copied on the copying stream beside whatever
 * is computed, and of its own on the device, from where a kernel scatters the rows. The context is bound by the caller.
 */
final class CudaReplayStaging implements AutoCloseable {
    private static final int AREA = 1 << 20; // bytes, about
    private static final int LEAST_ROWS = 16;
    private static final int MOST_ROWS = 256;
    private static final int NUMBERS = 8; // columns of 4 bytes beside vector and image
    private static final int ALIGNMENT = 64;

    private final CudaContext context;
    private final CudaPinned host;
    private final CudaBuffer device;
    private final CudaEvent copied;
    private final CudaEvent scattered;
    private final CudaStruct columns; // Staged of replay.cu
    private final ReplayStaging rows;
    private final long vectorsAt; // what comes before is copied whole
    private final long imagesAt;
    private final long vectorBytes;
    private final long imageBytes;
    private boolean closed;

    CudaReplayStaging(final CudaContext context, final ReplayLayout layout) {
        this.context = context;
        this.vectorBytes = (long) layout.vector() * Float.BYTES;
        this.imageBytes = layout.image();
        final long rowBytes = vectorBytes + imageBytes + NUMBERS * 4 + layout.actions();
        final int n = Math.clamp(AREA / rowBytes, LEAST_ROWS, MOST_ROWS);
        final long numberBytes = aligned(n * 4L);
        final long legalAt = NUMBERS * numberBytes;
        this.vectorsAt = legalAt + aligned((long) n * layout.actions());
        this.imagesAt = vectorsAt + aligned(n * vectorBytes);
        final long bytes = imagesAt + aligned(n * imageBytes);
        this.host = context.pinned(bytes);
        this.device = context.allocate(DType.U8, bytes);
        this.copied = context.event();
        this.scattered = context.event();
        final long[] at = new long[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            at[i] = i * numberBytes;
        }
        this.rows =
                new ReplayStaging(
                        n,
                        n,
                        part(at[0], n * 4L),
                        part(vectorsAt, n * vectorBytes),
                        part(imagesAt, n * imageBytes),
                        part(at[1], n * 4L),
                        part(at[2], n * 4L),
                        part(at[3], n * 4L),
                        part(at[4], n * 4L),
                        part(at[5], n * 4L),
                        part(at[6], n * 4L),
                        part(at[7], n * 4L),
                        part(legalAt, (long) n * layout.actions()));
        final long[] places = {
            at[0], vectorsAt, imagesAt, at[1], at[2], at[3], at[4], at[5], at[6], at[7], legalAt
        };
        this.columns = new CudaStruct(context, places.length);
        for (int i = 0; i < places.length; i++) {
            columns.set(i, device.address() + places[i]);
        }
        columns.write(0, places.length);
    }

    private static long aligned(final long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private MemorySegment part(final long at, final long bytes) {
        return host.segment().asSlice(at, bytes);
    }

    /** {@return the rows to fill; waits until the device has copied what was in them} */
    ReplayStaging rows() {
        copied.synchronize();
        return rows;
    }

    /** Queues the copy of the first rows on the copying stream; the computing one waits for it. */
    void copy(final int observations) {
        scattered.await(context.copy());
        host.uploadTo(device, 0, 0, vectorsAt + observations * vectorBytes, context.copy());
        if (observations * imageBytes > 0) {
            final long bytes = observations * imageBytes;
            host.uploadTo(device, imagesAt, imagesAt, bytes, context.copy());
        }
        copied.record(context.copy());
        copied.await(context.compute());
    }

    /** {@return the struct of the rows on the device} */
    CudaStruct columns() {
        return columns;
    }

    /** Says that the kernels queued by now are the last that read the rows. */
    void scattered() {
        scattered.record(context.compute());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            copied.close();
            scattered.close();
            host.close();
            device.close();
            columns.close();
        }
    }
}
