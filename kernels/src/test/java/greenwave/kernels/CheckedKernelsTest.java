package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** No call leaves its buffers: wrong lengths and dtypes are refused by name, and nothing is written. */
class CheckedKernelsTest {
    private Backend backend;
    private Kernels k;
    private Buffer two;
    private Buffer three;
    private Buffer four;
    private Buffer ints;

    @BeforeEach
    void open() {
        backend = Backends.open("cpu");
        k = backend.kernels();
        two = Memory.of(backend, 1f, 2f);
        three = Memory.of(backend, 1f, 2f, 3f);
        four = Memory.of(backend, 1f, 2f, 3f, 4f);
        ints = Memory.of(backend, 0, 1);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private Map<String, Runnable> calls() {
        final Map<String, Runnable> calls = new LinkedHashMap<>();
        final AdamWRule rule = new AdamWRule(0.9, 0.9, 1e-8, 0, 1, 1);
        calls.put("fill: y=I32[2], expected F32[2]", () -> k.fill(ints, 1));
        calls.put("copy: x=F32[3], expected F32[2]", () -> k.copy(three, two));
        calls.put("copy: x=I32[2], expected F32[2]", () -> k.copy(ints, two));
        calls.put(
                "gemm: a=F32[3], expected F32[4]",
                () -> k.gemm(1, false, false, 2, 1, 2, 1, three, two, 0, two));
        calls.put(
                "gemm: c=F32[3], expected F32[2]",
                () -> k.gemm(1, false, false, 2, 1, 2, 1, four, two, 0, three));
        calls.put(
                "gemm: shape=[0, 2], expected positive dimensions",
                () -> k.gemm(1, false, false, 0, 1, 2, 1, four, two, 0, two));
        calls.put(
                "linear: b=F32[3], expected F32[2]",
                () -> k.linear(two, four, three, two, 1, 2, 2));
        calls.put("add: b=F32[3], expected F32[2]", () -> k.add(two, three, two));
        calls.put("relu: x=F32[3], expected F32[2]", () -> k.relu(three, two));
        calls.put("clamp: low=1.0, high=0.0, expected low <= high", () -> k.clamp(two, 1, 0, two));
        calls.put("sum: y=F32[2], expected F32[1]", () -> k.sum(two, 1, two));
        calls.put("clipNorm: norm=F32[2], expected F32[1]", () -> k.clipNorm(three, 1, two));
        calls.put(
                "sgd: velocity=F32[3], expected F32[2]",
                () -> k.sgd(two, two, three, two, 0.9f, false, 0));
        calls.put(
                "rmsProp: rate=F32[2], expected F32[1]",
                () -> k.rmsProp(two, two, two, null, null, two, 0.9, 1e-8f, 0, 0));
        calls.put("gather: index=F32[2], expected I32[2]", () -> k.gather(four, two, two, 2, 2));
        calls.put("gather: x=F32[3], expected F32[4]", () -> k.gather(three, ints, two, 2, 2));
        calls.put("rowMax: legal=F32[4], expected U8[4]", () -> k.rowMax(four, four, two, 2, 2));
        calls.put("rowArgMax: y=F32[2], expected I32[2]", () -> k.rowArgMax(four, null, two, 2, 2));
        calls.put("huber: beta=0.0, expected > 0", () -> k.huber(two, two, 0, two));
        calls.put(
                "gatherRows: x=F32[3], width=2, expected whole rows",
                () -> k.gatherRows(three, ints, four, 2, 2));
        calls.put("lerp: x=F32[3], expected F32[2]", () -> k.lerp(three, 0.5f, two));
        calls.put(
                "adamW: m=F32[3], expected F32[2]",
                () -> k.adamW(rule, two, two, three, two, null, null, ints, two));
        calls.put(
                "adamW: step=I32[2], expected I32[1]",
                () -> k.adamW(rule, two, two, two, two, null, null, ints, two));
        return calls;
    }

    @Test
    void wrongArgumentsAreNamedAndNothingIsWritten() {
        calls().forEach(
                        (message, call) ->
                                assertEquals(
                                        message,
                                        assertThrows(IllegalArgumentException.class, call::run)
                                                .getMessage()));
        for (final Buffer buffer : Arrays.asList(two, three, four)) {
            final float[] expected = Arrays.copyOf(new float[] {1, 2, 3, 4}, (int) buffer.length());
            assertArrayEquals(expected, Memory.floats(buffer));
        }
    }
}
