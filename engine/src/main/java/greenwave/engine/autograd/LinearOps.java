package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Kernels;

import java.util.List;

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
                    .gradients(call -> kernels -> addGradients(kernels, call))
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
                    .gradients(
                            call ->
                                    kernels -> {
                                        kernels.maskByPositive(call.out(), call.outGradient());
                                        addGradients(kernels, call);
                                    })
                    .build();

    private LinearOps() {}

    private static Op.Builder layer(final String name) {
        return Op.named(name)
                .takes(F32, F32, F32)
                .shape(ShapeRules::linear)
                .cost(LinearOps::flops)
                .overwrites(0, 1);
    }

    private static long flops(final List<Shape> in, final Shape out) {
        return out.size() * (2L * in.get(0).dim(1) + 1);
    }

    private static void addGradients(final Kernels k, final Call c) {
        final int rows = c.dim(0, 0);
        final int in = c.dim(0, 1);
        final int out = c.dim(1, 0);
        if (c.inGradient(0) != null) { // dx += dy · w
            k.gemm(
                    false,
                    false,
                    rows,
                    in,
                    out,
                    1,
                    c.outGradient(),
                    c.in(1),
                    c.beta(0),
                    c.inGradient(0));
        }
        if (c.inGradient(1) != null) { // dw += dyᵀ · x
            k.gemm(
                    true,
                    false,
                    out,
                    in,
                    rows,
                    1,
                    c.outGradient(),
                    c.in(0),
                    c.beta(1),
                    c.inGradient(1));
        }
        if (c.inGradient(2) != null) { // db += sum over B of dy
            k.addColumnSums(c.outGradient(), c.inGradient(2), rows, out);
        }
    }
}
