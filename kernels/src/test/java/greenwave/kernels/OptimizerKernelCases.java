package greenwave.kernels;

import java.util.ArrayList;
import java.util.List;

/** Steps of the optimizers with and without each of their parts, several in a row. */
final class OptimizerKernelCases {
    private static final int STEPS = 3;

    /** Every row of this family. */
    static final List<KernelCase> ALL =
            List.of(
                    KernelCase.of(
                            "adamW",
                            (in, k, n) -> adamW(in, k, n, Float.POSITIVE_INFINITY, false, false)),
                    KernelCase.of(
                            "adamW with all its parts",
                            (in, k, n) -> adamW(in, k, n, 0.5f, true, true)),
                    KernelCase.of(
                            "sgd",
                            (in, k, n) -> {
                                final List<Buffer> out = new ArrayList<>();
                                final Buffer rate = in.positive(1);
                                for (final boolean nesterov : new boolean[] {false, true}) {
                                    final Buffer w = in.floats(n);
                                    final Buffer velocity = in.floats(n);
                                    k.sgd(w, in.floats(n), velocity, rate, 0.9f, nesterov, 0.1f);
                                    out.addAll(List.of(w, velocity));
                                }
                                final Buffer plain = in.floats(n);
                                k.sgd(plain, in.floats(n), null, rate, 0, false, 0.1f);
                                out.add(plain);
                                return out;
                            }),
                    KernelCase.of(
                            "rmsProp",
                            (in, k, n) -> {
                                final Buffer rate = in.positive(1);
                                final Buffer w = in.floats(n);
                                final Buffer squares = in.positive(n);
                                final Buffer mean = in.positive(n);
                                final Buffer velocity = in.floats(n);
                                final Buffer plain = in.floats(n);
                                final Buffer alone = in.positive(n);
                                k.rmsProp(
                                        w,
                                        in.floats(n),
                                        squares,
                                        mean,
                                        velocity,
                                        rate,
                                        0.9,
                                        0.1f,
                                        0.9f,
                                        0.1f);
                                k.rmsProp(
                                        plain,
                                        in.floats(n),
                                        alone,
                                        null,
                                        null,
                                        rate,
                                        0.9,
                                        0.1f,
                                        0,
                                        0);
                                return List.of(w, squares, mean, velocity, plain, alone);
                            }));

    private OptimizerKernelCases() {}

    private static List<Buffer> adamW(
            final KernelCase.Inputs in,
            final Kernels k,
            final int n,
            final float limit,
            final boolean amsgrad,
            final boolean follow) {
        final AdamWRule rule = new AdamWRule(0.9, 0.999, 1e-8, 0.1, limit, 0.25f);
        final Buffer w = in.floats(n);
        final Buffer m = in.floats(n);
        final Buffer v = in.positive(n);
        final Buffer vMax = in.positive(n);
        final Buffer target = in.floats(n);
        final Buffer step = in.of(6);
        final Buffer rate = in.positive(1);
        for (int i = 0; i < STEPS; i++) {
            k.adamW(
                    rule,
                    w,
                    in.floats(n),
                    m,
                    v,
                    amsgrad ? vMax : null,
                    follow ? target : null,
                    step,
                    rate);
        }
        return List.of(w, m, v, vMax, target, step);
    }
}
