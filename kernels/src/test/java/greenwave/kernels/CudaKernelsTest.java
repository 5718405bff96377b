package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;

import greenwave.emulation.EmulatedCuda;
import greenwave.kernels.cuda.Recorded;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

/** What a device's kernels promise beside the contract, on the emulated one: see {@link EmulatedCuda} for what that shows. */
@Tag("cuda")
class CudaKernelsTest {
    private static final int N = 33;
    private static final int[] ORDERS = {1, 2, 3};

    private Backend backend;

    @BeforeEach
    void open() {
        backend = EmulatedCuda.open();
    }

    @AfterEach
    void close() {
        EmulatedCuda.order(0);
        EmulatedCuda.idle();
        backend.close();
    }

    static List<KernelCase> cases() {
        return KernelCase.ALL;
    }

    private static byte[] bytes(final Buffer buffer) {
        final byte[] bytes = new byte[Math.toIntExact(buffer.length() * buffer.dtype().bytes())];
        buffer.download(0, MemorySegment.ofArray(bytes), 0, buffer.length());
        return bytes;
    }

    private byte[][] results(final KernelCase c, final Kernels kernels) {
        try (KernelCase.Inputs in = new KernelCase.Inputs(backend, c.wild())) {
            return c.body().run(in, kernels, N).stream()
                    .map(CudaKernelsTest::bytes)
                    .toArray(byte[][]::new);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noBitDependsOnTheOrderOfThreads(final KernelCase c) {
        final byte[][] expected = results(c, backend.kernels());
        for (final int order : ORDERS) {
            EmulatedCuda.order(order);
            final byte[][] actual = results(c, backend.kernels());
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(expected[i], actual[i], "order " + order + ", buffer " + i);
            }
        }
    }

    /** Each call is made, undone, then recorded and replayed: so nothing of it waits, copies or allocates once it is warm. */
    @ParameterizedTest
    @MethodSource("cases")
    void everyCallCanBeRecordedOnceItHasRun(final KernelCase c) {
        final Kernels recording =
                (Kernels)
                        Proxy.newProxyInstance(
                                Kernels.class.getClassLoader(),
                                new Class<?>[] {Kernels.class},
                                (_, method, arguments) -> {
                                    final List<Buffer> buffers =
                                            Arrays.stream(arguments)
                                                    .filter(Buffer.class::isInstance)
                                                    .map(Buffer.class::cast)
                                                    .toList();
                                    final List<byte[]> before =
                                            buffers.stream().map(CudaKernelsTest::bytes).toList();
                                    method.invoke(backend.kernels(), arguments);
                                    for (int i = 0; i < before.size(); i++) {
                                        final Buffer buffer = buffers.get(i);
                                        final MemorySegment old =
                                                MemorySegment.ofArray(before.get(i));
                                        buffer.upload(0, old, 0, buffer.length());
                                    }
                                    Recorded.replay(
                                            backend,
                                            () -> {
                                                try {
                                                    method.invoke(backend.kernels(), arguments);
                                                } catch (final IllegalAccessException
                                                        | InvocationTargetException e) {
                                                    throw new AssertionError(method.getName(), e);
                                                }
                                            });
                                    return null;
                                });
        final byte[][] expected = results(c, backend.kernels());
        final byte[][] actual = results(c, recording);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], "buffer " + i);
        }
    }

    /** A host backend refuses them; here nobody waits to see them. Writes outside memory would stop {@link #close}. */
    @Test
    void indicesOutOfRangeTouchNothing() {
        final Kernels k = backend.kernels();
        final Buffer x = Memory.of(backend, 1f, 2f, 3f, 4f);
        final Buffer words = Memory.of(backend, 5, 6, 7, 8);
        final Buffer y = Memory.of(backend, 10f, 20f);
        for (final int wrong : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            final Buffer index = Memory.of(backend, 1, wrong);
            final Buffer picked = Memory.of(backend, 0f, 0f);
            final Buffer rows = Memory.of(backend, 0f, 0f, 0f, 0f);
            final Buffer whole = Memory.of(backend, 0, 0, 0, 0);
            final Buffer sums = Memory.of(backend, 0f, 0f, 0f, 0f);
            final Buffer summedRows = Memory.of(backend, 0f, 0f, 0f, 0f);
            k.gather(x, index, picked, 2, 2);
            k.gatherRows(x, index, rows, 2, 2);
            k.gatherRows(words, index, whole, 2, 2);
            k.addScatter(y, index, sums, 2, 2);
            k.addScatterRows(x, index, summedRows, 2, 2);
            final float nan = Float.NaN;
            assertArrayEquals(new float[] {2, nan}, Memory.floats(picked));
            assertArrayEquals(new float[] {3, 4, nan, nan}, Memory.floats(rows));
            assertArrayEquals(new int[] {7, 8, -1, -1}, Memory.ints(whole));
            assertArrayEquals(new float[] {0, 10, 0, 0}, Memory.floats(sums));
            assertArrayEquals(new float[] {0, 0, 1, 2}, Memory.floats(summedRows));
        }
    }

    @Test
    void rowsOfOneIndexAreAddedInTheirOrder() {
        final float[] rows = {1e8f, 1, -1e8f, 2, 4}; // the sum of the first four depends on it
        final Buffer x = Memory.of(backend, 0f, 0.5f);
        final Buffer index = Memory.of(backend, 1, 1, 1, 1, 0);
        backend.kernels().addScatterRows(Memory.of(backend, rows), index, x, 5, 1);
        assertArrayEquals(
                new float[] {4, 0.5f + 1e8f + 1 - 1e8f + 2}, Memory.floats(x), "in another order");
    }

    @Test
    void callsAllocateNothingOnTheHeap() {
        final Kernels k = backend.kernels();
        final Buffer x = Memory.of(backend, Memory.gaussian(12, 1));
        final Buffer y = Memory.of(backend, Memory.gaussian(12, 2));
        final Buffer three = Memory.of(backend, Memory.gaussian(3, 3));
        final Buffer nine = Memory.of(backend, Memory.gaussian(9, 4));
        final Buffer image = Memory.of(backend, Memory.gaussian(9, 5));
        final Buffer kernel = Memory.of(backend, 2f);
        final Buffer out = Memory.of(backend, new float[9]);
        final Buffer m = Memory.of(backend, new float[12]);
        final Buffer v = Memory.of(backend, new float[12]);
        final Buffer step = Memory.of(backend, 0);
        final Buffer rate = Memory.of(backend, 0.1f);
        final View from = View.dense(3, 4);
        final View to = View.dense(4, 3).permute(1, 0);
        final Window window = new Window(3, 3, 1, 1, 1, 1, 0, 0, 1, 1);
        final Convolution convolution = new Convolution(1, 1, 1, 1, window);
        final AdamWRule rule = new AdamWRule(0.9, 0.999, 1e-8, 0, 1, 1);
        final ImageLayouts layouts = backend.imageLayouts().orElseThrow();
        final ImageLayouts.Layout layout = layouts.rowMajor(1, 1, 3, 3);
        final ImageLayouts.PreparedConvolution prepared =
                layouts.convolution(convolution, layout, true, true);
        final ImageLayouts.PreparedNorm norm = layouts.batchNorm(layout, 1e-5f, true);
        final ImageLayouts.PreparedAffine affine = layouts.channelAffine(layout, true);
        final Buffer[] ones = new Buffer[5];
        Arrays.setAll(ones, _ -> Memory.of(backend, 1f));
        final Buffer slopes = Memory.of(backend, Memory.gaussian(9, 6));
        final Runnable calls =
                () -> {
                    prepared.forward(image, kernel, ones[0], nine);
                    norm.forward(image, kernel, ones[0], ones[1], ones[2], nine);
                    norm.gradients(
                            image, kernel, ones[1], ones[2], nine, slopes, out, ones[3], ones[4]);
                    affine.forward(image, kernel, ones[0], nine);
                    prepared.gradients(image, kernel, nine, slopes, out, ones[3], ones[4]);
                    k.averagePool(window, 1, image, nine);
                    k.add(x, y, y);
                    k.copyView(x, from, y, to);
                    k.addSums(x, from, 1, 1, three);
                    k.linearGradients(x, y, null, nine, null, m, three, true, 3, 4, 3);
                    k.softmax(false, x, y, 3, 4);
                    k.linearRelu(x, y, three, nine, 3, 4, 3);
                    k.convolve(convolution, image, kernel, null, nine);
                    k.maxPool(window, 1, image, nine);
                    k.adamW(rule, x, y, m, v, null, null, step, rate);
                };
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0;
                attempt < 20 && bytes > 0;
                attempt++) { // JCuda's first calls load classes
            final long before = threads.getCurrentThreadAllocatedBytes();
            calls.run();
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, bytes);
    }
}
