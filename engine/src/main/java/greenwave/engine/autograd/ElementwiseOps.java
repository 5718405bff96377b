package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.U8;

import greenwave.kernels.UnaryFunction;

import java.util.List;

/** Rows of the table whose output has the shape of their inputs, element by element. */
public final class ElementwiseOps {
    /** y = a + b. */
    public static final Op ADD =
            Op.named("add")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.add(c.in(0), c.in(1), c.out()))
                    .gradient(0, (k, c) -> k.addScaled(1, c.outGradient(), c.inGradient(0)))
                    .gradient(1, (k, c) -> k.addScaled(1, c.outGradient(), c.inGradient(1)))
                    .build();

    /** y = a - b. */
    public static final Op SUB =
            Op.named("sub")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.sub(c.in(0), c.in(1), c.out()))
                    .gradient(0, (k, c) -> k.addScaled(1, c.outGradient(), c.inGradient(0)))
                    .gradient(1, (k, c) -> k.addScaled(-1, c.outGradient(), c.inGradient(1)))
                    .build();

    /** y = a · b, elementwise. */
    public static final Op MUL =
            Op.named("mul")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.mul(c.in(0), c.in(1), c.out()))
                    .gradient(0, (k, c) -> k.addProduct(c.outGradient(), c.in(1), c.inGradient(0)))
                    .gradient(1, (k, c) -> k.addProduct(c.outGradient(), c.in(0), c.inGradient(1)))
                    .build();

    /** y = scale · x + shift; constants scale, shift. */
    public static final Op AFFINE =
            Op.named("affine")
                    .takes(F32)
                    .shape(ShapeRules::same)
                    .forward((k, c) -> k.affine(c.in(0), c.attribute(0), c.attribute(1), c.out()))
                    .gradient(
                            0,
                            (k, c) -> k.addScaled(c.attribute(0), c.outGradient(), c.inGradient(0)))
                    .build();

    /** y = max(x, 0). */
    public static final Op RELU =
            Op.named("relu")
                    .takes(F32)
                    .shape(ShapeRules::same)
                    .forward((k, c) -> k.relu(c.in(0), c.out()))
                    .gradient(
                            0,
                            (k, c) -> k.addReluGradient(c.in(0), c.outGradient(), c.inGradient(0)))
                    .build();

    /** y = a / b, elementwise. */
    public static final Op DIV =
            Op.named("div")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.div(c.in(0), c.in(1), c.out()))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addDividendGradient(
                                            c.in(1), c.outGradient(), c.inGradient(0)))
                    .gradient(
                            1,
                            (k, c) ->
                                    k.addDivisorGradient(
                                            c.in(1), c.out(), c.outGradient(), c.inGradient(1)))
                    .build();

    /** y = |x|. */
    public static final Op ABS = unary("abs", UnaryFunction.ABS);

    /** y = e to the x. */
    public static final Op EXP = unary("exp", UnaryFunction.EXP);

    /** y = natural logarithm of x. */
    public static final Op LOG = unary("log", UnaryFunction.LOG);

    /** y = square root of x. */
    public static final Op SQRT = unary("sqrt", UnaryFunction.SQRT);

    /** y = x to the power of a constant. */
    public static final Op POW = unary("pow", UnaryFunction.POW);

    /** y = min(max(x, low), high); constants low, high. */
    public static final Op CLAMP = unary("clamp", UnaryFunction.CLAMP);

    /** y = x where positive, else slope · x; constant slope. */
    public static final Op LEAKY_RELU = unary("leakyRelu", UnaryFunction.LEAKY_RELU);

    /** y = x · P(normal variate is below x). */
    public static final Op GELU = unary("gelu", UnaryFunction.GELU);

    /** y = hyperbolic tangent of x. */
    public static final Op TANH = unary("tanh", UnaryFunction.TANH);

    /** y = 1 / (1 + e to the -x). */
    public static final Op SIGMOID = unary("sigmoid", UnaryFunction.SIGMOID);

    /** y = sign(x) · sqrt(|x|). */
    public static final Op SIGNED_SQRT = unary("signedSqrt", UnaryFunction.SIGNED_SQRT);

    /** y = scale · x, f32 from u8; constant scale. */
    public static final Op FROM_BYTES =
            Op.named("fromBytes")
                    .takes(U8)
                    .shape(ShapeRules::same)
                    .forward((k, c) -> k.fromBytes(c.in(0), c.attribute(0), c.out()))
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL =
            List.of(
                    ADD,
                    SUB,
                    MUL,
                    AFFINE,
                    RELU,
                    DIV,
                    ABS,
                    EXP,
                    LOG,
                    SQRT,
                    POW,
                    CLAMP,
                    LEAKY_RELU,
                    GELU,
                    TANH,
                    SIGMOID,
                    SIGNED_SQRT,
                    FROM_BYTES);

    private ElementwiseOps() {}

    /** {@return whether an op makes one f32 number of each, wherever they lie} */
    static boolean isUnary(final Op op) {
        return ALL.contains(op) && op.inputs().equals(List.of(F32));
    }

    /** The function's constants are attributes 0 and 1. */
    private static Op unary(final String name, final UnaryFunction f) {
        return Op.named(name)
                .takes(F32)
                .shape(ShapeRules::same)
                .forward((k, c) -> k.unary(f, c.attribute(0), c.attribute(1), c.in(0), c.out()))
                .gradient(
                        0,
                        (k, c) ->
                                k.addUnaryGradient(
                                        f,
                                        c.attribute(0),
                                        c.attribute(1),
                                        c.in(0),
                                        c.out(),
                                        c.outGradient(),
                                        c.inGradient(0)))
                .build();
    }
}
