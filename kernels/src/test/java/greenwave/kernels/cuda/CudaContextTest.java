package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.emulation.EmulatedCuda;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.DeviceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/** Memory, streams, events and graphs of a device, on the emulated one: see {@link EmulatedCuda} for what that shows. */
@Tag("cuda")
class CudaContextTest {
    private static final int LARGE = 700_000; // floats: more than both staging blocks hold

    private CudaContext context;

    @BeforeEach
    void open() {
        context = CudaContext.open(0);
    }

    @AfterEach
    void close() {
        EmulatedCuda.idle();
        context.close();
    }

    private static float[] ramp(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    private Buffer of(final float... values) {
        final Buffer buffer = context.allocate(DType.F32, values.length);
        buffer.upload(0, MemorySegment.ofArray(values), 0, values.length);
        return buffer;
    }

    private static float[] floats(final Buffer buffer) {
        final float[] values = new float[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    @Test
    void newMemoryIsZero() {
        assertArrayEquals(new float[5], floats(context.allocate(DType.F32, 5)));
    }

    @Test
    void whatIsUploadedComesBackWhateverItsSize() {
        for (final int n : new int[] {1, 7, 1 << 18, LARGE}) {
            assertArrayEquals(ramp(n), floats(of(ramp(n))), "n=" + n);
        }
    }

    @Test
    void anUploadHasReadItsSourceWhenItReturns() {
        final float[] values = ramp(LARGE);
        final Buffer buffer = context.allocate(DType.F32, LARGE);
        buffer.upload(0, MemorySegment.ofArray(values), 0, LARGE);
        Arrays.fill(values, -1);
        assertArrayEquals(ramp(LARGE), floats(buffer));
    }

    @Test
    void aSliceSharesMemoryAndLifetime() {
        final Buffer all = of(ramp(10));
        final Buffer slice = all.slice(3, 4).slice(1, 2);
        assertEquals(all.address() + 4 * Float.BYTES, slice.address());
        slice.upload(1, MemorySegment.ofArray(new float[] {0, 50}), Float.BYTES, 1);
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 50, 6, 7, 8, 9}, floats(all));
        slice.close();
        assertFalse(all.closed());
        all.close();
        assertTrue(slice.closed());
        assertEquals(
                "download: F32[2] is closed",
                assertThrows(IllegalStateException.class, () -> floats(slice)).getMessage());
    }

    @Test
    void aRangeOutsideIsRefusedBeforeAnythingIsWritten() {
        final Buffer buffer = of(1, 2);
        final MemorySegment host = MemorySegment.ofArray(new float[] {8, 9});
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.upload(1, host, 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.upload(0, host, 4, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.download(1, host, 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.download(0, host, 4, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.slice(1, 2));
        assertArrayEquals(new float[] {1, 2}, floats(buffer));
        assertArrayEquals(new float[] {8, 9}, host.toArray(ValueLayout.JAVA_FLOAT));
    }

    @Test
    void bytesAreCountedUntilTheyAreFreed() {
        final long before = context.heap().bytes();
        final Buffer buffer = context.allocate(DType.I32, 100);
        assertEquals(before + 400, context.heap().bytes());
        buffer.close();
        buffer.close();
        assertEquals(before, context.heap().bytes());
    }

    @Test
    void memoryThatIsNotThereIsReportedWithItsCall() {
        final DeviceException e =
                assertThrows(DeviceException.class, () -> context.allocate(DType.U8, 1L << 60));
        assertEquals("cuMemAlloc", e.call());
        assertEquals(2, e.code());
        assertEquals(
                "cuMemAlloc: status=2, CUDA_ERROR_OUT_OF_MEMORY (out of memory)", e.getMessage());
    }

    @Test
    void anyThreadMayUseIt() throws InterruptedException {
        final Buffer buffer = of(ramp(4));
        for (final Thread.Builder builder :
                new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
            final AtomicReference<float[]> read = new AtomicReference<>();
            builder.start(() -> read.set(floats(buffer))).join();
            assertArrayEquals(ramp(4), read.get());
        }
    }

    @Test
    void contextsOfOneThreadTakeTurns() {
        try (CudaContext other = CudaContext.open(0)) {
            final Buffer mine = of(1);
            final Buffer others = other.allocate(DType.F32, 1);
            assertArrayEquals(new float[1], floats(others));
            assertArrayEquals(new float[] {1}, floats(mine));
        }
        assertArrayEquals(new float[] {2}, floats(of(2)));
    }

    @Test
    void aStreamWaitsForAnotherByAnEvent() {
        final CudaBuffer buffer = CudaBuffer.of(context.allocate(DType.F32, 2));
        try (CudaPinned pinned = context.pinned(8);
                CudaEvent copied = context.event()) {
            context.synchronize(); // the zeros
            pinned.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 0, 3);
            pinned.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 1, 4);
            pinned.uploadTo(buffer, 0, 0, 8, context.copy());
            copied.record(context.copy());
            assertArrayEquals(new float[2], floats(buffer), "nothing waited for the copy");
            copied.await(context.compute());
            assertArrayEquals(new float[] {3, 4}, floats(buffer));
            assertTrue(copied.done());
        }
    }

    @Test
    void aGraphRepeatsWhatWasRecorded() {
        final CudaBuffer from = CudaBuffer.of(of(1, 2, 3));
        final CudaBuffer to = CudaBuffer.of(context.allocate(DType.F32, 3));
        final Runnable copy =
                () ->
                        CudaStatus.driver(
                                "cuMemcpyDtoDAsync",
                                cuMemcpyDtoDAsync(
                                        DevicePointer.at(to.address()),
                                        DevicePointer.at(from.address()),
                                        12,
                                        context.compute()));
        try (CudaGraph graph = CudaGraph.capture(context, copy)) {
            assertEquals(1, graph.nodes());
            assertArrayEquals(new float[3], floats(to), "recording runs nothing");
            graph.launch();
            assertArrayEquals(new float[] {1, 2, 3}, floats(to));
            from.upload(0, MemorySegment.ofArray(new float[] {7}), 0, 1);
            graph.launch();
            assertArrayEquals(new float[] {7, 2, 3}, floats(to));
        }
    }

    @Test
    void whatCannotBeRepeatedIsRefusedWhileRecording() {
        final Buffer buffer = of(1);
        for (final Runnable work :
                new Runnable[] {
                    () -> floats(buffer),
                    () -> of(2),
                    context::synchronize,
                    () -> CudaGraph.capture(context, () -> {})
                }) {
            assertThrows(IllegalStateException.class, () -> CudaGraph.capture(context, work));
            assertFalse(context.capturing());
            assertArrayEquals(new float[] {1}, floats(buffer), "usable as before");
        }
    }

    @Test
    void aClosedContextRefusesWork() {
        final CudaContext other = CudaContext.open(0);
        final Buffer buffer = other.allocate(DType.F32, 1);
        other.close();
        other.close();
        assertTrue(buffer.closed());
        assertThrows(IllegalStateException.class, () -> other.allocate(DType.F32, 1));
    }
}
