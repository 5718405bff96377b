package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.ImageLayouts.PreparedCopy;
import greenwave.kernels.ImageLayouts.PreparedNorm;
import greenwave.kernels.Kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Ops of one plan whose images lie as the backend likes: each stands for one prepared computation. They compute what rows of the table
 * do, and never appear in a trace.
 */
final class LayoutOps {
    private final Backend backend;
    private final ImageLayouts layouts;
    private final List<Runnable> releases = new ArrayList<>();

    LayoutOps(final Backend backend, final ImageLayouts layouts) {
        this.backend = backend;
        this.layouts = layouts;
    }

    /** {@return what frees all that was prepared so far, to be called when the plan closes} */
    List<Runnable> releases() {
        return List.copyOf(releases);
    }

    /** An op with the layouts of its first input and of its output. */
    record Placed(Op op, Layout x, Layout y) {}

    /** {@link ImageOps#CONV2D}, then ReLU if asked. */
    Placed convolution(
            final Convolution geometry,
            final Layout x,
            final boolean relu,
            final boolean training) {
        final PreparedConvolution c = layouts.convolution(geometry, x, relu, training);
        releases.add(c::close);
        final Op op =
                row(relu ? "conv2d+relu" : "conv2d", 3)
                        .cost(ImageOps::flops)
                        .forward(
                                (k, call) ->
                                        c.forward(call.in(0), call.in(1), call.in(2), call.out()))
                        .gradients(
                                call -> {
                                    final Sums sums = new Sums(call, 3);
                                    sums.require(1, geometry.weightSize());
                                    return k -> {
                                        c.gradients(
                                                call.in(0),
                                                call.in(1),
                                                call.out(),
                                                call.outGradient(),
                                                sums.target(0),
                                                sums.target(1),
                                                sums.target(2));
                                        sums.add(k);
                                    };
                                })
                        .overwrites(0, 1, 2)
                        .build();
        return new Placed(op, c.x(), c.y());
    }

    /**
     * {@link NormOps#MOMENTS}, {@link NormOps#STANDARDISE} and {@link NormOps#CHANNEL_AFFINE} in one, then ReLU if asked. Inputs x,
     * scale, shift, and the moments, which it writes.
     */
    Placed batchNorm(final Layout x, final float eps, final boolean relu) {
        final PreparedNorm norm = layouts.batchNorm(x, eps, relu);
        releases.add(norm::close);
        final int channels = x.channels();
        final Op op =
                row(relu ? "batchNorm+relu" : "batchNorm", 4)
                        .forward(
                                call -> {
                                    final Buffer mean = call.in(3).slice(0, channels);
                                    final Buffer variance = call.in(3).slice(channels, channels);
                                    return _ ->
                                            norm.forward(
                                                    call.in(0),
                                                    call.in(1),
                                                    call.in(2),
                                                    mean,
                                                    variance,
                                                    call.out());
                                })
                        .gradients(
                                call -> {
                                    final Buffer mean = call.in(3).slice(0, channels);
                                    final Buffer variance = call.in(3).slice(channels, channels);
                                    final Sums sums = new Sums(call, 3);
                                    sums.require(0, x.length());
                                    sums.require(1, channels);
                                    sums.require(2, channels);
                                    return k -> {
                                        norm.gradients(
                                                call.in(0),
                                                call.in(1),
                                                mean,
                                                variance,
                                                call.out(),
                                                call.outGradient(),
                                                sums.target(0),
                                                sums.target(1),
                                                sums.target(2));
                                        sums.add(k);
                                    };
                                })
                        .overwrites(0, 1, 2)
                        .build();
        return new Placed(op, x, x);
    }

    /** {@link NormOps#CHANNEL_AFFINE}, then ReLU if asked; without gradient. */
    Placed channelAffine(final Layout x, final boolean relu) {
        final PreparedAffine affine = layouts.channelAffine(x, relu);
        releases.add(affine::close);
        final Op op =
                row(relu ? "channelAffine+relu" : "channelAffine", 3)
                        .forward(
                                (k, call) ->
                                        affine.forward(
                                                call.in(0), call.in(1), call.in(2), call.out()))
                        .build();
        return new Placed(op, x, x);
    }

    /** y = x in another layout. */
    Placed copy(final Layout from, final Layout to) {
        final PreparedCopy there = layouts.copy(from, to);
        releases.add(there::close);
        final PreparedCopy back = layouts.copy(to, from);
        releases.add(back::close);
        final Op op =
                row("relayout", 1)
                        .forward((k, call) -> there.run(call.in(0), call.out()))
                        .gradients(
                                call -> {
                                    final Sums sums = new Sums(call, 1);
                                    return k -> {
                                        back.run(call.outGradient(), sums.target(0));
                                        sums.add(k);
                                    };
                                })
                        .overwrites(0)
                        .build();
        return new Placed(op, from, to);
    }

    private static Op.Builder row(final String name, final int inputs) {
        return Op.named(name).takes(Collections.nCopies(inputs, F32).toArray(DType[]::new));
    }

    /** Where a computation that overwrites puts its gradients: at their place, or aside if they are to be added to what is there. */
    private final class Sums {
        private final Buffer[] gradients;
        private final Buffer[] targets;

        Sums(final Call call, final int inputs) {
            this.gradients = new Buffer[inputs];
            this.targets = new Buffer[inputs];
            for (int i = 0; i < inputs; i++) {
                gradients[i] = call.inGradient(i);
                targets[i] = gradients[i];
                if (gradients[i] != null && call.beta(i) != 0) {
                    targets[i] = aside(gradients[i].length());
                }
            }
        }

        private Buffer aside(final long length) {
            final Buffer buffer = backend.allocate(F32, length);
            releases.add(buffer::close);
            return buffer;
        }

        /** Gives a gradient a place, too, that nobody asked for but the computation cannot leave out. */
        void require(final int index, final long length) {
            if (targets[index] == null) {
                targets[index] = aside(length);
            }
        }

        Buffer target(final int index) {
            return targets[index];
        }

        void add(final Kernels kernels) {
            for (int i = 0; i < targets.length; i++) {
                if (gradients[i] != null && gradients[i] != targets[i]) {
                    kernels.addScaled(1, targets[i], gradients[i]);
                }
            }
        }
    }
}
