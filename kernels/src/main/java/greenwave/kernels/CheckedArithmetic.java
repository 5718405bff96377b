package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.aloneOrOver;
import static greenwave.kernels.CheckedKernels.check;
import static greenwave.kernels.CheckedKernels.f32;
import static greenwave.kernels.CheckedKernels.open;
import static greenwave.kernels.CheckedKernels.positive;

/** The part of {@link Kernels} about sums, products, ReLU and the Huber loss, element by element, guarded. */
interface CheckedArithmetic extends Kernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void fill(final Buffer y, final float value) {
        f32("fill", "y", y, y.length());
        guarded().fill(y, value);
    }

    @Override
    default void copy(final Buffer x, final Buffer y) {
        open("copy", "y", y);
        check("copy", "x", x, y.dtype(), y.length());
        aloneOrOver("copy", "y", y, x);
        guarded().copy(x, y);
    }

    private static void elementwise(
            final String op, final Buffer a, final Buffer b, final Buffer y) {
        f32(op, "y", y, y.length());
        f32(op, "a", a, y.length());
        f32(op, "b", b, y.length());
        aloneOrOver(op, "y", y, a);
        aloneOrOver(op, "y", y, b);
    }

    private static void elementwise(final String op, final Buffer x, final Buffer y) {
        f32(op, "y", y, y.length());
        f32(op, "x", x, y.length());
        aloneOrOver(op, "y", y, x);
    }

    @Override
    default void add(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("add", a, b, y);
        guarded().add(a, b, y);
    }

    @Override
    default void sub(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("sub", a, b, y);
        guarded().sub(a, b, y);
    }

    @Override
    default void mul(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("mul", a, b, y);
        guarded().mul(a, b, y);
    }

    @Override
    default void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        elementwise("affine", x, y);
        guarded().affine(x, scale, shift, y);
    }

    @Override
    default void relu(final Buffer x, final Buffer y) {
        elementwise("relu", x, y);
        guarded().relu(x, y);
    }

    @Override
    default void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        elementwise("clamp", x, y);
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "clamp: low=%s, high=%s, expected low <= high".formatted(low, high));
        }
        guarded().clamp(x, low, high, y);
    }

    @Override
    default void addScaled(final float alpha, final Buffer x, final Buffer y) {
        elementwise("addScaled", x, y);
        guarded().addScaled(alpha, x, y);
    }

    @Override
    default void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("addProduct", a, b, y);
        guarded().addProduct(a, b, y);
    }

    @Override
    default void addScalar(final float alpha, final Buffer s, final Buffer y) {
        f32("addScalar", "s", s, 1);
        f32("addScalar", "y", y, y.length());
        alone("addScalar", "y", y, s);
        guarded().addScalar(alpha, s, y);
    }

    @Override
    default void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        elementwise("addReluGradient", x, dy, dx);
        guarded().addReluGradient(x, dy, dx);
    }

    @Override
    default void maskByPositive(final Buffer y, final Buffer dy) {
        f32("maskByPositive", "y", y, dy.length());
        f32("maskByPositive", "dy", dy, dy.length());
        aloneOrOver("maskByPositive", "dy", dy, y);
        guarded().maskByPositive(y, dy);
    }

    @Override
    default void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        elementwise("huber", a, b, y);
        positive("huber", "beta", beta);
        guarded().huber(a, b, beta, y);
    }

    @Override
    default void addHuberGradient(
            final Buffer a,
            final Buffer b,
            final float beta,
            final float scale,
            final Buffer dy,
            final Buffer dx) {
        elementwise("addHuberGradient", a, b, dx);
        f32("addHuberGradient", "dy", dy, dx.length());
        positive("addHuberGradient", "beta", beta);
        aloneOrOver("addHuberGradient", "dx", dx, dy);
        guarded().addHuberGradient(a, b, beta, scale, dy, dx);
    }

    @Override
    default void lerp(final Buffer x, final float t, final Buffer y) {
        elementwise("lerp", x, y);
        guarded().lerp(x, t, y);
    }
}
