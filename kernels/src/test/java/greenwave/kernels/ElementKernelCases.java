package greenwave.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is done element by element, and what moves elements. */
final class ElementKernelCases {
    private static final List<KernelCase> ARITHMETIC =
            List.of(
                    KernelCase.of(
                            "fill and copy",
                            (in, k, n) -> {
                                final List<Buffer> out =
                                        List.of(in.floats(n), in.floats(n), in.ints(n, 9));
                                final Buffer bytes = in.bytes(n, 256);
                                final Buffer copied = in.bytes(n, 256);
                                final Buffer back = in.floats(n);
                                k.fill(out.get(0), Float.NEGATIVE_INFINITY);
                                k.copy(in.floats(n), out.get(1));
                                k.copy(in.ints(n, 1 << 30), out.get(2));
                                k.copy(bytes, copied);
                                k.fromBytes(copied, 0.5f, back);
                                return List.of(out.get(0), out.get(1), out.get(2), back);
                            }),
                    KernelCase.of(
                            "sums and products",
                            (in, k, n) -> {
                                final Buffer a = in.floats(n);
                                final Buffer b = in.floats(n);
                                final List<Buffer> out = outputs(in, n, 9);
                                k.add(a, b, out.get(0));
                                k.sub(a, b, out.get(1));
                                k.mul(a, b, out.get(2));
                                k.affine(a, -1.5f, 0.25f, out.get(3));
                                k.addScaled(-0.75f, a, out.get(4));
                                k.addProduct(a, b, out.get(5));
                                k.addScalar(-0.75f, in.floats(1), out.get(6));
                                k.lerp(a, 0.3f, out.get(7));
                                k.div(a, in.positive(n), out.get(8));
                                return out;
                            }),
                    KernelCase.of(
                            "over their inputs",
                            (in, k, n) -> {
                                final List<Buffer> out = outputs(in, n, 5);
                                k.add(out.get(0), out.get(0), out.get(0));
                                k.relu(out.get(1), out.get(1));
                                k.clamp(out.get(2), -0.5f, 0.5f, out.get(2));
                                k.affine(out.get(3), 2, 1, out.get(3));
                                k.maskByPositive(out.get(4), out.get(4));
                                return out;
                            }),
                    KernelCase.of(
                            "kinks",
                            (in, k, n) -> {
                                final Buffer a = in.floats(n);
                                final Buffer b = in.floats(n);
                                final Buffer dy = in.floats(n);
                                final List<Buffer> out = outputs(in, n, 6);
                                k.relu(a, out.get(0));
                                k.clamp(a, -0.25f, 0.5f, out.get(1));
                                k.addReluGradient(a, dy, out.get(2));
                                k.maskByPositive(a, out.get(3));
                                k.huber(a, b, 0.7f, out.get(4));
                                k.addHuberGradient(a, b, 0.7f, -1.5f, dy, out.get(5));
                                return out;
                            }),
                    KernelCase.of(
                            "gradients of a quotient",
                            (in, k, n) -> {
                                final Buffer b = in.positive(n);
                                final Buffer y = in.floats(n);
                                final Buffer dy = in.floats(n);
                                final List<Buffer> out = outputs(in, n, 2);
                                k.addDividendGradient(b, dy, out.get(0));
                                k.addDivisorGradient(b, y, dy, out.get(1));
                                return out;
                            }),
                    KernelCase.of(
                            "views",
                            (in, k, n) -> {
                                final Buffer x = in.floats(2 * n * 3 + 5);
                                final View from =
                                        new View(5, new int[] {2, n, 3}, new long[] {3L * n, 3, 1});
                                final View to = View.dense(3, n, 2).permute(2, 1, 0);
                                final List<Buffer> out = outputs(in, 6 * n, 4);
                                k.copyView(x, from, out.get(0), to);
                                k.addView(-2, x, from, out.get(1), to);
                                k.copyView(x, from, out.get(2), View.dense(2, n, 3));
                                k.addView(-2, x, from, out.get(3), View.dense(2, n, 3));
                                return out;
                            }),
                    KernelCase.of(
                            "views that repeat and that leave elements out",
                            (in, k, n) -> {
                                final View from = View.dense(n, 1).broadcast(3, n, 4);
                                final View to =
                                        View.dense(3, n + 2, 7).narrow(1, 1, n).narrow(2, 2, 4);
                                final List<Buffer> out = outputs(in, 3 * (n + 2) * 7, 2);
                                k.copyView(in.floats(n), from, out.get(0), to);
                                k.addView(0.5f, in.floats(n), from, out.get(1), to);
                                return out;
                            }),
                    KernelCase.of(
                            "a view of many dimensions",
                            (in, k, n) -> {
                                final View from =
                                        View.dense(2, 3, 2, 3, 2, 3, 2, n)
                                                .permute(7, 1, 3, 5, 0, 2, 4, 6);
                                final Buffer y = in.floats(216 * 2 * n);
                                k.copyView(
                                        in.floats(216 * 2 * n), from, y, View.dense(from.dims()));
                                return List.of(y);
                            }));

    private static final List<KernelCase> RANDOM =
            List.of(
                    KernelCase.of(
                            "random numbers",
                            (in, k, n) -> {
                                final Buffer state = in.of(-7, 1 << 31, 41);
                                final List<Buffer> out = outputs(in, n, 3);
                                k.dropoutMask(state, 0.3f, out.get(0));
                                k.normal(state, out.get(1));
                                k.normal(state, out.get(2));
                                return List.of(out.get(0), out.get(1), out.get(2), state);
                            }));

    /** Every row of this family. */
    static final List<KernelCase> ALL =
            Stream.of(ARITHMETIC, functions(), RANDOM).flatMap(List::stream).toList();

    private ElementKernelCases() {}

    private static List<Buffer> outputs(
            final KernelCase.Inputs in, final int length, final int count) {
        final List<Buffer> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(in.floats(length));
        }
        return out;
    }

    private static List<KernelCase> functions() {
        return Arrays.stream(UnaryFunction.values())
                .map(
                        f ->
                                KernelCase.of(
                                        f + " and its gradient",
                                        (in, k, n) -> {
                                            final float a = f == UnaryFunction.POW ? 1.5f : -0.25f;
                                            final Buffer x = in.floats(n);
                                            final List<Buffer> out = outputs(in, n, 2);
                                            k.unary(f, a, 0.75f, x, out.get(0));
                                            k.addUnaryGradient(
                                                    f,
                                                    a,
                                                    0.75f,
                                                    x,
                                                    out.get(0),
                                                    in.floats(n),
                                                    out.get(1));
                                            return out;
                                        }))
                .toList();
    }
}
