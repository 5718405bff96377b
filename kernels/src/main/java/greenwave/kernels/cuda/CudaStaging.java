package greenwave.kernels.cuda;

import jcuda.driver.CUstream;

import java.lang.foreign.MemorySegment;

/**
 * Carries ordinary host memory to and from the device through two blocks of page-locked memory in turn, in the order of
 * the compute stream. An upload returns when it has read its source; only a full second block makes it wait.
 */
final class CudaStaging implements AutoCloseable {
    private static final long BLOCK = 1 << 20; // bytes; a batch of vectors fits, images take a few

    private final CUstream stream;
    private final CudaPinned[] blocks = {new CudaPinned(BLOCK), new CudaPinned(BLOCK)};
    private final CudaEvent[] free = {new CudaEvent(), new CudaEvent()};
    private int next;

    CudaStaging(final CUstream stream) {
        this.stream = stream;
    }

    void upload(
            final MemorySegment source,
            final long from,
            final CudaBuffer target,
            final long to,
            final long bytes) {
        for (long done = 0; done < bytes; done += BLOCK) {
            final long part = Math.min(BLOCK, bytes - done);
            free[next].synchronize();
            MemorySegment.copy(source, from + done, blocks[next].segment(), 0, part);
            blocks[next].uploadTo(target, to + done, 0, part, stream);
            free[next].record(stream);
            next ^= 1;
        }
    }

    void download(
            final CudaBuffer source,
            final long from,
            final MemorySegment target,
            final long to,
            final long bytes) {
        for (long done = 0; done < bytes; done += BLOCK) {
            final long part = Math.min(BLOCK, bytes - done);
            free[next].synchronize();
            blocks[next].downloadFrom(source, from + done, 0, part, stream);
            free[next].record(stream);
            free[next].synchronize();
            MemorySegment.copy(blocks[next].segment(), 0, target, to + done, part);
            next ^= 1;
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < blocks.length; i++) {
            free[i].close();
            blocks[i].close();
        }
    }
}
