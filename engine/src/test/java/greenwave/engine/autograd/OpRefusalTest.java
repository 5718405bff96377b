package greenwave.engine.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.RandomStream;
import greenwave.engine.nn.Functional;
import greenwave.engine.nn.Pair;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;

import java.util.function.Consumer;

/** What the rows of {@link Ops} refuse, word for word. */
class OpRefusalTest {
    private static Tensor input(final Trace trace, final DType dtype, final int... dims) {
        return trace.input("x", dtype, dims);
    }

    private static void assertRefused(final String message, final Consumer<Trace> use) {
        final Trace trace = new Trace();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> use.accept(trace)).getMessage());
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertRefused(
                "linear: x=[5, 3], w=[4, 6], b=[4], expected x [B, I], w [O, I], b [O]",
                t ->
                        input(t, DType.F32, 5, 3)
                                .linear(input(t, DType.F32, 4, 6), input(t, DType.F32, 4)));
        assertRefused(
                "linear: x=[5, 6], w=[4, 6], b=[5], expected x [B, I], w [O, I], b [O]",
                t ->
                        input(t, DType.F32, 5, 6)
                                .linear(input(t, DType.F32, 4, 6), input(t, DType.F32, 5)));
        assertRefused(
                "add: a=[2, 3], b=[3, 2], expected shapes that broadcast to one",
                t -> input(t, DType.F32, 2, 3).add(input(t, DType.F32, 3, 2)));
        assertRefused(
                "sub: a=[2], b=[3], expected shapes that broadcast to one",
                t -> input(t, DType.F32, 2).sub(input(t, DType.F32, 3)));
        assertRefused(
                "mul: a=[2], b=[2, 3], expected shapes that broadcast to one",
                t -> input(t, DType.F32, 2).mul(input(t, DType.F32, 2, 3)));
        assertRefused(
                "huber: a=[2], b=[3], expected equal shapes",
                t -> input(t, DType.F32, 2).huber(input(t, DType.F32, 3), 1));
        assertRefused(
                "gather: x=[4, 3], index=[3], expected x [B, A], index [B]",
                t -> input(t, DType.F32, 4, 3).gather(input(t, DType.I32, 3)));
        assertRefused(
                "max: x=[4, 3], dim=2, expected one of its dimensions",
                t -> input(t, DType.F32, 4, 3).max(2));
        assertRefused(
                "amax: x=[4, 3], dims=[0, 2], expected some of x's dimensions, each once",
                t -> input(t, DType.F32, 4, 3).amax(0, 2));
        assertRefused(
                "amax: x=[4, 3], dims=[1, 1], expected some of x's dimensions, each once",
                t -> input(t, DType.F32, 4, 3).amax(1, 1));
        assertRefused(
                "max: x=[4, 3], dim=0, expected the last dimension",
                t -> input(t, DType.F32, 4, 3).max(0, input(t, DType.U8, 4, 3)));
        assertRefused(
                "argMax: x=[], dim=0, expected one of its dimensions",
                t -> input(t, DType.F32).argMax(0));
        assertRefused(
                "legalMax: x=[4, 3], legal=[4, 2], expected x [B, A], legal [B, A]",
                t -> input(t, DType.F32, 4, 3).max(1, input(t, DType.U8, 4, 2)));
    }

    @Test
    void viewsThatDoNotFitAreNamed() {
        assertRefused(
                "broadcast: x=[2, 3], shape=[3, 3], expected each of x's dimensions to be 1 or"
                        + " that of the shape",
                t -> input(t, DType.F32, 2, 3).broadcast(3, 3));
        assertRefused(
                "reshape: x=[2, 3], shape=[4, 2], expected equal sizes",
                t -> input(t, DType.F32, 2, 3).reshape(4, 2));
        assertRefused(
                "flatten: x=[2, 3], start=2, expected one of its dimensions",
                t -> input(t, DType.F32, 2, 3).flatten(2));
        assertRefused(
                "permute: x=[2, 3], order=[0, 0], expected each dimension once",
                t -> input(t, DType.F32, 2, 3).permute(0, 0));
        assertRefused(
                "transpose: x=[2, 3], dims=0 and 2, expected two of its dimensions",
                t -> input(t, DType.F32, 2, 3).transpose(0, 2));
        assertRefused(
                "slice: x=[2, 3], dim=1, start=2, length=2, expected a part of that dimension",
                t -> input(t, DType.F32, 2, 3).slice(1, 2, 2));
        assertRefused(
                "concat: a=[2, 3], b=[3, 3], dim=1, expected equal dimensions but for that one",
                t -> input(t, DType.F32, 2, 3).concat(1, input(t, DType.F32, 3, 3)));
    }

    @Test
    void reductionsAndProductsThatDoNotFitAreNamed() {
        assertRefused(
                "sumOver: x=[2, 3], dims=[0, 2], expected some of x's dimensions, each once",
                t -> input(t, DType.F32, 2, 3).mean(0, 2));
        assertRefused(
                "softmax: x=[2, 3], dim=-1, expected one of its dimensions",
                t -> input(t, DType.F32, 2, 3).softmax(-1));
        assertRefused(
                "matmul: a=[2, 3], b=[2, 3], expected a [..., M, K], b [..., K, N]",
                t -> input(t, DType.F32, 2, 3).matmul(input(t, DType.F32, 2, 3)));
        assertRefused(
                "matmul: a=[2, 2, 3], b=[4, 3, 2], expected a [..., M, K], b [..., K, N]",
                t -> input(t, DType.F32, 2, 2, 3).matmul(input(t, DType.F32, 4, 3, 2)));
        assertRefused(
                "embedding: table=[4], index=[3], expected table [V, D], index [R]",
                t -> input(t, DType.F32, 4).embedding(input(t, DType.I32, 3)));
        assertRefused(
                "gather: x=[2, 4, 3], index=[2, 5], expected index [2, 4] or [2, 4, K]",
                t -> input(t, DType.F32, 2, 4, 3).gather(input(t, DType.I32, 2, 5)));
    }

    @Test
    void normsThatDoNotFitAreNamed() {
        assertRefused(
                "layerNorm: x=[2, 3], weight=[2], expected weight of x's last dimensions",
                t -> {
                    final Tensor w = input(t, DType.F32, 2);
                    Functional.layerNorm(input(t, DType.F32, 2, 3), w, w, 1);
                });
        assertRefused(
                "batchNorm: x=[3], expected x [B, C, ...]",
                t -> {
                    final Tensor w = input(t, DType.F32, 3);
                    Functional.batchNorm(w, w, w, w, w, 1);
                });
        assertRefused(
                "batchNorm: x=[1, 3], expected more than one value per channel in training",
                t -> {
                    final Tensor w = input(t, DType.F32, 3);
                    Functional.batchNormTraining(input(t, DType.F32, 1, 3), w, w, w, w, 0.1f, 1);
                });
        assertRefused(
                "channelAffine: x=[2, 3], scale=[2], shift=[2], expected scale and shift [3]",
                t -> {
                    final Tensor w = input(t, DType.F32, 2);
                    Functional.batchNorm(input(t, DType.F32, 2, 3), w, w, w, w, 1);
                });
        assertRefused(
                "movingAverage: a=[2], b=[3], expected equal shapes",
                t -> input(t, DType.F32, 2).movingAverage(input(t, DType.F32, 3), 0.5f));
        assertRefused(
                "dropout: rate=1.0, expected in [0, 1)",
                t -> Functional.dropout(input(t, DType.F32, 2), 1, new RandomStream(1)));
    }

    @Test
    void imagesThatDoNotFitAreNamed() {
        final Pair one = Pair.of(1);
        assertRefused(
                "conv2d: x=[2, 4, 5, 5], w=[3, 4, 2, 2], b=[3], groups=2, expected x [B, I, H, W],"
                        + " w [O, I / groups, KH, KW], b [O], O divisible by groups",
                t ->
                        Functional.conv2d(
                                input(t, DType.F32, 2, 4, 5, 5),
                                input(t, DType.F32, 3, 4, 2, 2),
                                input(t, DType.F32, 3),
                                one,
                                Pair.of(0),
                                one,
                                2));
        assertRefused(
                "window: image=5x5, kernel=3x2, stride=1x1, pad=0x0, dilation=3x3, expected a"
                        + " kernel within the padded image",
                t ->
                        Functional.conv2d(
                                input(t, DType.F32, 2, 4, 5, 5),
                                input(t, DType.F32, 3, 4, 3, 2),
                                input(t, DType.F32, 3),
                                one,
                                Pair.of(0),
                                Pair.of(3),
                                1));
        assertRefused(
                "maxPool2d: x=[4, 5, 5], expected x [B, C, H, W]",
                t -> Functional.maxPool2d(input(t, DType.F32, 4, 5, 5), one, one, Pair.of(0), one));
        assertRefused(
                "avgPool2d: kernel=[3, 3], pad=[2, 2], expected padding of at most half the kernel",
                t ->
                        Functional.avgPool2d(
                                input(t, DType.F32, 1, 4, 5, 5), Pair.of(3), one, Pair.of(2)));
    }

    @Test
    void rowsThatAreRecordedDirectlyCheckTheirConstants() {
        assertRefused(
                "moments: x=[2, 3], seen as [2, 2, 1], expected [outer, channels, inner] of equal"
                        + " size",
                t ->
                        t.record(
                                NormOps.MOMENTS,
                                new float[0],
                                new int[] {2, 2, 1},
                                input(t, DType.F32, 2, 3)));
        assertRefused(
                "standardise: x=[2, 3], moments=[3], expected moments [2, 3]",
                t ->
                        t.record(
                                NormOps.STANDARDISE,
                                new float[] {1},
                                new int[] {2, 3, 1},
                                input(t, DType.F32, 2, 3),
                                input(t, DType.F32, 3)));
        assertRefused(
                "normal: state=[2], shape=[4], expected state [3]",
                t ->
                        t.record(
                                RandomOps.NORMAL,
                                new float[0],
                                new int[] {4},
                                input(t, DType.I32, 2)));
    }

    @Test
    void wrongDtypesAndConstantsAreNamed() {
        assertRefused(
                "clamp: low=2.0, high=1.0, expected low <= high",
                t -> input(t, DType.F32, 4).clamp(2, 1));
        assertRefused(
                "gather: input 1=F32[4], expected I32",
                t -> input(t, DType.F32, 4, 3).gather(input(t, DType.F32, 4)));
        assertRefused("relu: input 0=I32[4], expected F32", t -> input(t, DType.I32, 4).relu());
        assertRefused(
                "huber: beta=0.0, expected > 0",
                t -> input(t, DType.F32, 4).huber(input(t, DType.F32, 4), 0));
        assertRefused(
                "Shape: dims=[4, 0], expected positive dimensions", t -> input(t, DType.F32, 4, 0));
    }

    @Test
    void tensorsOfAnotherTraceAreRefused() {
        final Tensor stranger = new Trace().input("y", DType.F32, 4);
        assertRefused(
                "add: input 1=F32[4] belongs to another trace",
                t -> input(t, DType.F32, 4).add(stranger));
    }
}
