package greenwave.engine.autograd;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import greenwave.engine.Segments;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.UnaryOperator;

/** Where the gradient of a maximum goes if it is there more than once: difference quotients cannot tell. */
@Tag("backend")
class EqualMaximaTest {
    private static final float FIRST = OpRun.weight(0);
    private static final float SECOND = OpRun.weight(1);

    /** Asserts the gradient by x [2, 3] of the two rows' maxima, weighted. */
    private static void assertGradient(
            final String backend,
            final UnaryOperator<Tensor> max,
            final float[] x,
            final float... gradient)
            throws Exception {
        final OpCase use =
                OpCase.of(
                        "max",
                        _ -> List.of(Shape.of(2, 3)),
                        in -> max.apply(in.getFirst()),
                        (_, in) -> in[0]);
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (OpRun run = new OpRun(engine, use, 1, List.of(x))) {
                        assertArrayEquals(gradient, Segments.floats(run.gradient(0)));
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("greenwave.engine.Tested#backends")
    void maxChoosesTheFirstOfEqualsAndAmaxShares(final String backend) throws Exception {
        final float[] x = {3, 1, 3, -2, -2, -2};
        assertGradient(backend, t -> t.max(1), x, FIRST, 0, 0, SECOND, 0, 0);
        assertGradient(
                backend,
                t -> t.amax(1),
                x,
                FIRST / 2,
                0,
                FIRST / 2,
                SECOND / 3,
                SECOND / 3,
                SECOND / 3);
    }

    /** torch.amax divides by how many are equal to NaN, which are none. */
    @ParameterizedTest
    @MethodSource("greenwave.engine.Tested#backends")
    void aRowWithNotANumberHasNoOtherGradient(final String backend) throws Exception {
        final float none = Float.NaN;
        assertGradient(
                backend,
                t -> t.amax(1),
                new float[] {1, none, 2, 5, 5, 0},
                none,
                none,
                none,
                SECOND / 2,
                SECOND / 2,
                0);
    }
}
