package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every method of the contract, found by reflection: each buffer that is wrong in some way is refused, and nothing changes. */
@Tag("backend")
class KernelContractTest {
    /** What may have any length: nothing else of the call depends on it. */
    private static final Set<String> ANY_LENGTH =
            Set.of("fill 0", "sum 0", "addScalar 2", "clipNorm 0", "dropoutMask 2", "normal 1");

    private static final Window WINDOW = new Window(5, 4, 2, 3, 2, 1, 1, 1, 1, 1);
    private static final Convolution CONVOLUTION = new Convolution(2, 4, 6, 2, WINDOW);
    private static final int IMAGE = 5 * 4; // pixels
    private static final int SEEN = WINDOW.outHeight() * WINDOW.outWidth();

    private Backend backend;

    @BeforeEach
    void open() {
        backend = Backends.open(Tested.BACKEND);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    static Stream<Method> methods() {
        return Arrays.stream(Kernels.class.getMethods())
                .sorted(Comparator.comparing(Method::getName));
    }

    private Buffer f(final int length) {
        return Memory.of(backend, Memory.gaussian(length, length));
    }

    private Buffer i(final int... values) {
        return Memory.of(backend, values);
    }

    private Buffer u(final int length) {
        final Buffer buffer = backend.allocate(DType.U8, length);
        final byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 1);
        buffer.upload(0, MemorySegment.ofArray(ones), 0, length);
        return buffer;
    }

    private static Object[] of(final Object... arguments) {
        return arguments;
    }

    /** Arguments that {@code method} accepts; a method that is new needs a line here. */
    private Object[] valid(final String method) {
        final View matrix = View.dense(2, 3);
        return switch (method) {
            case "unary" -> of(UnaryFunction.TANH, 0f, 0f, f(6), f(6));
            case "addUnaryGradient" -> of(UnaryFunction.TANH, 0f, 0f, f(6), f(6), f(6), f(6));
            case "div", "add", "sub", "mul", "addProduct", "addReluGradient" ->
                    of(f(6), f(6), f(6));
            case "addDividendGradient" -> of(f(6), f(6), f(6));
            case "addDivisorGradient" -> of(f(6), f(6), f(6), f(6));
            case "fromBytes" -> of(u(6), 0.5f, f(6));
            case "copyView" -> of(f(6), matrix, f(6), View.dense(3, 2).permute(1, 0));
            case "addView" -> of(2f, f(6), matrix, f(6), matrix);
            case "addSums" -> of(f(6), matrix, 1, 2f, f(2));
            case "softmax" -> of(false, f(6), f(6), 2, 3);
            case "addSoftmaxGradient" -> of(false, f(6), f(6), f(6), 2, 3);
            case "addEvenRowMaxGradient" -> of(f(6), f(2), f(2), f(6), 2, 3);
            case "addScatterRows" -> of(f(6), i(1, 0), f(12), 2, 3);
            case "flatIndex" -> of(i(1, 0), i(9, 9), 2, 3);
            case "projectCategorical" -> of(f(6), f(2), f(2), -1f, 1f, f(6), 2, 3);
            case "quantileHuber" -> of(f(6), f(8), 1f, f(2), 2, 3, 4);
            case "addQuantileHuberGradient" -> of(f(6), f(8), 1f, f(2), f(6), 2, 3, 4);
            case "channelMoments" -> of(f(24), f(3), f(3), 2, 3, 4);
            case "standardise" -> of(f(24), f(3), positive(3), 1f, f(24), 2, 3, 4);
            case "addStandardiseGradient" -> of(positive(3), 1f, f(24), f(24), f(24), 2, 3, 4);
            case "channelAffine" -> of(f(24), f(3), f(3), f(24), 2, 3, 4);
            case "addChannelScaled" -> of(f(24), f(3), f(24), 2, 3, 4);
            case "addChannelDots" -> of(f(24), f(24), f(3), 2, 3, 4);
            case "dropoutMask" -> of(i(1, 2, 3), 0.5f, f(6));
            case "normal" -> of(i(1, 2, 3), f(6));
            case "convolve" -> of(CONVOLUTION, f(8 * IMAGE), f(12 * 6), f(6), f(12 * SEEN));
            case "addConvolveDataGradient" ->
                    of(CONVOLUTION, f(12 * 6), f(12 * SEEN), f(8 * IMAGE));
            case "addConvolveWeightGradient" ->
                    of(CONVOLUTION, f(8 * IMAGE), f(12 * SEEN), f(12 * 6));
            case "maxPool", "averagePool" -> of(WINDOW, 3, f(3 * IMAGE), f(3 * SEEN));
            case "addMaxPoolGradient" -> of(WINDOW, 3, f(3 * IMAGE), f(3 * SEEN), f(3 * IMAGE));
            case "addAveragePoolGradient" -> of(WINDOW, 3, f(3 * SEEN), f(3 * IMAGE));
            case "fill" -> of(f(6), 9f);
            case "copy" -> of(f(6), positive(6));
            case "gemm" -> of(2, false, true, 2, 3, 4, 1f, f(16), f(24), 0f, f(12));
            case "linear", "linearRelu" -> of(f(8), f(12), f(3), f(6), 2, 4, 3);
            case "linearGradients" ->
                    of(
                            f(8),
                            f(12),
                            f(6),
                            f(6),
                            positive(8),
                            positive(12),
                            positive(3),
                            false,
                            2,
                            4,
                            3);
            case "affine" -> of(f(6), 2f, 1f, f(6));
            case "relu" -> of(f(6), f(6));
            case "clamp" -> of(f(6), -0.1f, 0.1f, f(6));
            case "addScaled" -> of(2f, f(6), f(6));
            case "addScalar" -> of(2f, f(1), f(6));
            case "maskByPositive" -> of(f(6), f(6));
            case "sum" -> of(f(6), 2f, f(1));
            case "gather" -> of(f(6), i(2, 0), f(2), 2, 3);
            case "addScatter" -> of(f(2), i(2, 0), f(6), 2, 3);
            case "rowMax" -> of(f(6), u(6), positive(2), 2, 3);
            case "rowArgMax" -> of(f(6), u(6), i(9, 9), 2, 3);
            case "addRowMaxGradient" -> of(f(6), u(6), f(2), f(6), 2, 3);
            case "huber" -> of(f(6), positive(6), 1f, f(6));
            case "addHuberGradient" -> of(f(6), positive(6), 1f, 1f, f(6), f(6));
            case "gatherRows" -> of(f(12), i(3, 0), positive(6), 2, 3);
            case "lerp" -> of(f(6), 0.5f, positive(6));
            case "adamW" ->
                    of(
                            new AdamWRule(0.9, 0.9, 1e-8, 0.1, 1, 0.5f),
                            f(6),
                            f(6),
                            f(6),
                            positive(6),
                            positive(6),
                            f(6),
                            i(1),
                            positive(1));
            case "clipNorm" -> of(f(6), 0.1f, f(1));
            case "sgd" -> of(f(6), f(6), f(6), positive(1), 0.9f, false, 0.1f);
            case "rmsProp" ->
                    of(
                            f(6),
                            f(6),
                            positive(6),
                            backend.allocate(DType.F32, 6),
                            f(6),
                            positive(1),
                            0.9,
                            1f,
                            0.9f,
                            0.1f);
            default ->
                    throw new AssertionError(
                            method + " has no arguments here: add those that it accepts");
        };
    }

    private Buffer positive(final int length) {
        final float[] values = new float[length];
        Arrays.fill(values, 5.5f);
        return Memory.of(backend, values);
    }

    private static List<Integer> buffers(final Object... arguments) {
        return IntStream.range(0, arguments.length)
                .filter(i -> arguments[i] instanceof Buffer)
                .boxed()
                .toList();
    }

    private static byte[] bytes(final Buffer buffer) {
        final byte[] bytes = new byte[Math.toIntExact(buffer.length() * buffer.dtype().bytes())];
        buffer.download(0, MemorySegment.ofArray(bytes), 0, buffer.length());
        return bytes;
    }

    private static List<byte[]> contents(final Object... arguments) {
        return buffers(arguments).stream().map(i -> bytes((Buffer) arguments[i])).toList();
    }

    private void call(final Method method, final Object... arguments) throws Throwable {
        try {
            method.invoke(backend.kernels(), arguments);
        } catch (final InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Refused by an exception of {@code type} that names the method, every other buffer as it was. */
    private void assertRefused(
            final Class<? extends Exception> type,
            final Method method,
            final int wrong,
            final Buffer replacement) {
        final Object[] arguments = valid(method.getName());
        final List<byte[]> before = contents(arguments);
        final Object[] given = arguments.clone();
        given[wrong] = replacement;
        final String what = method.getName() + ", argument " + wrong;
        final Exception e = assertThrows(type, () -> call(method, given), what);
        assertTrue(e.getMessage().startsWith(method.getName() + ": "), e.getMessage());
        final List<byte[]> after = contents(arguments);
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i), what);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aBufferOfAnotherTypeIsRefused(final Method method) {
        final Object[] arguments = valid(method.getName());
        for (final int index : buffers(arguments)) {
            final Buffer right = (Buffer) arguments[index];
            final DType other = right.dtype() == DType.F32 ? DType.I32 : DType.F32;
            assertRefused(
                    IllegalArgumentException.class,
                    method,
                    index,
                    backend.allocate(other, right.length()));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aBufferOfAnotherLengthIsRefused(final Method method) {
        final Object[] arguments = valid(method.getName());
        for (final int index : buffers(arguments)) {
            if (!ANY_LENGTH.contains(method.getName() + " " + index)) {
                final Buffer right = (Buffer) arguments[index];
                final long length = right.length() == 1 ? 2 : right.length() - 1;
                assertRefused(
                        IllegalArgumentException.class,
                        method,
                        index,
                        backend.allocate(right.dtype(), length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aClosedBufferIsRefused(final Method method) {
        final Object[] arguments = valid(method.getName());
        for (final int index : buffers(arguments)) {
            final Buffer right = (Buffer) arguments[index];
            final Buffer closed = backend.allocate(right.dtype(), right.length());
            closed.close();
            assertRefused(IllegalStateException.class, method, index, closed);
        }
    }

    /** An output is what the call changes. Buffers of two types can't overlap: a slice has the type of the whole. */
    @ParameterizedTest
    @MethodSource("methods")
    void anOutputThatSharesAnElementWithAnotherBufferIsRefused(final Method method)
            throws Throwable {
        final Object[] arguments = valid(method.getName());
        final List<Integer> places = buffers(arguments);
        final List<byte[]> before = contents(arguments);
        call(method, arguments);
        final List<byte[]> after = contents(arguments);
        final List<Integer> outputs = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (!Arrays.equals(before.get(i), after.get(i))) {
                outputs.add(places.get(i));
            }
        }
        assertTrue(!outputs.isEmpty(), method.getName() + " changes nothing");
        for (final int output : outputs) {
            for (final int other : places) {
                if (other != output) {
                    assertOverlapRefused(method, output, other);
                }
            }
        }
    }

    private void assertOverlapRefused(final Method method, final int output, final int other) {
        final Object[] given = valid(method.getName());
        final Buffer out = (Buffer) given[output];
        final Buffer in = (Buffer) given[other];
        if (out.dtype() != in.dtype()) {
            return;
        }
        final Buffer both = backend.allocate(out.dtype(), out.length() + in.length() - 1);
        given[other] = both.slice(0, in.length()); // its last element is the output's first
        given[output] = both.slice(in.length() - 1, out.length());
        both.upload(0, MemorySegment.ofArray(bytes(in)), 0, in.length());
        both.upload(in.length() - 1, MemorySegment.ofArray(bytes(out)), 0, out.length());
        final byte[] before = bytes(both);
        final String what = method.getName() + ", arguments " + output + " and " + other;
        final Exception e =
                assertThrows(IllegalArgumentException.class, () -> call(method, given), what);
        assertTrue(e.getMessage().contains("overlaps another buffer"), e.getMessage());
        assertArrayEquals(before, bytes(both), what);
    }
}
