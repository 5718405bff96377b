package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Buffer;

import java.util.List;
import java.util.stream.IntStream;

/** Rows of the table that are fully connected layers: x [B, I], w [O, I], b [O], y [B, O]. */
final class LinearOps {
    /** y = x · wᵀ + b. */
    static final Op LINEAR =
            layer("linear")
                    .forward(
                            (k, c) ->
                                    k.linear(
                                            c.in(0),
                                            c.in(1),
                                            c.in(2),
                                            c.out(),
                                            c.dim(0, 0),
                                            c.dim(0, 1),
                                            c.dim(1, 0)))
                    .gradients(call -> gradients(call, null))
                    .build();

    /** y = max(x · wᵀ + b, 0): what {@link Fusion} makes of {@link #LINEAR} and a ReLU. */
    static final Op LINEAR_RELU =
            layer("linear+relu")
                    .forward(
                            (k, c) ->
                                    k.linearRelu(
                                            c.in(0),
                                            c.in(1),
                                            c.in(2),
                                            c.out(),
                                            c.dim(0, 0),
                                            c.dim(0, 1),
                                            c.dim(1, 0)))
                    .gradients(call -> gradients(call, call.out()))
                    .build();

    private LinearOps() {}

    private static Op.Builder layer(final String name) {
        return Op.named(name)
                .takes(F32, F32, F32)
                .shape(ShapeRules::linear)
                .cost(LinearOps::flops)
                .overwrites(0, 1, 2);
    }

    private static long flops(final List<Shape> in, final Shape out) {
        return out.size() * (2L * in.get(0).dim(1) + 1);
    }

    /** All at once; where one gradient is begun and another added to, the first is added to zeros. */
    private static KernelCall gradients(final Call c, final Buffer relu) {
        final int rows = c.dim(0, 0);
        final int in = c.dim(0, 1);
        final int out = c.dim(1, 0);
        final List<Buffer> begun = // by this call
                IntStream.range(0, 3)
                        .filter(i -> c.inGradient(i) != null && c.beta(i) == 0)
                        .mapToObj(c::inGradient)
                        .toList();
        final boolean add =
                IntStream.range(0, 3).anyMatch(i -> c.inGradient(i) != null && c.beta(i) != 0);
        final Buffer[] zeros = add ? begun.toArray(Buffer[]::new) : new Buffer[0];
        return k -> {
            for (final Buffer gradient : zeros) {
                k.fill(gradient, 0);
            }
            k.linearGradients(
                    c.in(0),
                    c.in(1),
                    relu,
                    c.outGradient(),
                    c.inGradient(0),
                    c.inGradient(1),
                    c.inGradient(2),
                    add,
                    rows,
                    in,
                    out);
        };
    }
}
