package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.aloneOrOver;
import static greenwave.kernels.CheckedKernels.check;
import static greenwave.kernels.CheckedKernels.f32;

/** {@link ElementwiseKernels}, guarded. */
interface CheckedElementwise extends ElementwiseKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void unary(
            final UnaryFunction f, final float a, final float b, final Buffer x, final Buffer y) {
        f32("unary", "x", x, y.length());
        f32("unary", "y", y, y.length());
        aloneOrOver("unary", "y", y, x);
        guarded().unary(f, a, b, x, y);
    }

    @Override
    default void addUnaryGradient(
            final UnaryFunction f,
            final float a,
            final float b,
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx) {
        f32("addUnaryGradient", "x", x, dx.length());
        f32("addUnaryGradient", "y", y, dx.length());
        f32("addUnaryGradient", "dy", dy, dx.length());
        f32("addUnaryGradient", "dx", dx, dx.length());
        aloneOrOver("addUnaryGradient", "dx", dx, x);
        aloneOrOver("addUnaryGradient", "dx", dx, y);
        aloneOrOver("addUnaryGradient", "dx", dx, dy);
        guarded().addUnaryGradient(f, a, b, x, y, dy, dx);
    }

    @Override
    default void div(final Buffer a, final Buffer b, final Buffer y) {
        f32("div", "a", a, y.length());
        f32("div", "b", b, y.length());
        f32("div", "y", y, y.length());
        aloneOrOver("div", "y", y, a);
        aloneOrOver("div", "y", y, b);
        guarded().div(a, b, y);
    }

    @Override
    default void addDividendGradient(final Buffer b, final Buffer dy, final Buffer da) {
        f32("addDividendGradient", "b", b, da.length());
        f32("addDividendGradient", "dy", dy, da.length());
        f32("addDividendGradient", "da", da, da.length());
        aloneOrOver("addDividendGradient", "da", da, b);
        aloneOrOver("addDividendGradient", "da", da, dy);
        guarded().addDividendGradient(b, dy, da);
    }

    @Override
    default void addDivisorGradient(
            final Buffer b, final Buffer y, final Buffer dy, final Buffer db) {
        f32("addDivisorGradient", "b", b, db.length());
        f32("addDivisorGradient", "y", y, db.length());
        f32("addDivisorGradient", "dy", dy, db.length());
        f32("addDivisorGradient", "db", db, db.length());
        aloneOrOver("addDivisorGradient", "db", db, b);
        aloneOrOver("addDivisorGradient", "db", db, y);
        aloneOrOver("addDivisorGradient", "db", db, dy);
        guarded().addDivisorGradient(b, y, dy, db);
    }

    @Override
    default void fromBytes(final Buffer x, final float scale, final Buffer y) {
        check("fromBytes", "x", x, DType.U8, y.length());
        f32("fromBytes", "y", y, y.length());
        alone("fromBytes", "y", y, x);
        guarded().fromBytes(x, scale, y);
    }
}
