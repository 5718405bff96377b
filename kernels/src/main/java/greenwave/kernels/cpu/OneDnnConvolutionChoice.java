package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET_GRADIENT;

import greenwave.kernels.Convolution;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which layouts a convolution is computed in, and by which of oneDNN's implementations. They are told apart by kind, not by
 * timing, so that results do not depend on the machine's load: a reference loop is by far the slowest, then what unfolds
 * images for a matrix product, then a copy of one tensor. Between the others, channels-last is up to a fifth faster forward and
 * as much slower backward than blocks of channels (measured with AVX2, batch 128).
 */
final class OneDnnConvolutionChoice {
    private static final int COPY = 1;
    private static final int CHANNELS_LAST_BACKWARD = 2;
    private static final int UNFOLDING = 10;
    private static final int REFERENCE = 100;
    private static final int IMPOSSIBLE = 1000;

    /** Layouts of input and output. */
    record Layouts(OneDnnLayout x, OneDnnLayout y) {
        static Layouts of(final MemorySegment description, final int x, final int y) {
            return new Layouts(
                    OneDnnLayout.of(OneDnnPrimitive.argument(description, x)),
                    OneDnnLayout.of(OneDnnPrimitive.argument(description, y)));
        }

        private int copiesTo(final Layouts other) {
            return (x.equals(other.x) ? 0 : 1) + (y.equals(other.y) ? 0 : 1);
        }

        private boolean padded() {
            return x.padded() || y.padded();
        }
    }

    /** Descriptions of input and output, in which a layout may be left open. */
    private record Trial(MemorySegment x, MemorySegment y) {}

    /** An implementation and what it costs, copies included. */
    private record Candidate(MemorySegment description, int cost) {}

    /** Describes a gradient in two layouts, null if there is none. */
    private interface Gradient {
        MemorySegment describe(MemorySegment x, MemorySegment y);
    }

    private final OneDnnConvolutionShape shape;
    private final boolean training;

    private OneDnnConvolutionChoice(final OneDnnConvolutionShape shape, final boolean training) {
        this.shape = shape;
        this.training = training;
    }

    /**
     * {@return the layouts to compute in, {@code given} kept unless another is worth the copy}. Never padded ones, so that
     * what lies between elements is nobody's concern.
     */
    static Layouts layouts(
            final int threads,
            final Convolution c,
            final OneDnnLayout given,
            final boolean training) {
        try (OneDnnObjects objects = new OneDnnObjects(threads)) {
            final var shape = new OneDnnConvolutionShape(objects, c, training);
            return new OneDnnConvolutionChoice(shape, training).layouts(given);
        }
    }

    private Layouts layouts(final OneDnnLayout given) {
        Layouts best = null;
        int least = IMPOSSIBLE;
        final Set<Layouts> seen = new HashSet<>();
        for (final Trial trial : trials(given.describe(shape.objects()))) {
            final MemorySegment forward = shape.forward(trial.x(), trial.y());
            if (forward == null) {
                continue;
            }
            final Layouts found = Layouts.of(forward, SOURCE, TARGET);
            if (!found.padded() && seen.add(found)) {
                final int cost = cost(found, given);
                if (cost < least) {
                    best = found;
                    least = cost;
                }
            }
        }
        if (best == null) {
            throw new IllegalStateException("oneDNN: no implementation of " + shape);
        }
        return best;
    }

    /** What is worth a try, the likeliest first. */
    private List<Trial> trials(final MemorySegment x) {
        final OneDnnObjects objects = shape.objects();
        final MemorySegment anyX = objects.any(shape.in());
        final MemorySegment anyY = objects.any(shape.out());
        final MemorySegment lastY = objects.channelsLast(shape.out());
        final List<Trial> trials = new ArrayList<>();
        trials.add(new Trial(x, anyY));
        trials.add(new Trial(x, lastY));
        trials.add(new Trial(anyX, anyY));
        trials.add(new Trial(anyX, lastY));
        trials.add(new Trial(objects.rowMajor(shape.in()), objects.rowMajor(shape.out())));
        trials.add(
                training ? trials.size() : 0, new Trial(objects.channelsLast(shape.in()), lastY));
        return trials;
    }

    private int cost(final Layouts layouts, final OneDnnLayout given) {
        final MemorySegment forward =
                shape.forward(
                        layouts.x().describe(shape.objects()),
                        layouts.y().describe(shape.objects()));
        final int copies = layouts.x().equals(given) ? 0 : COPY;
        if (forward == null || !training) {
            return cost(forward) + copies;
        }
        final var last = OneDnnLayout.of(shape.objects().channelsLast(shape.out()));
        return cost(forward)
                + weightGradient(shape, layouts, forward).cost()
                + (layouts.y().equals(last) ? CHANNELS_LAST_BACKWARD : 0)
                + 2 * copies; // of x and of its gradient
    }

    private static int cost(final MemorySegment description) {
        if (description == null) {
            return IMPOSSIBLE;
        }
        final String name = OneDnnPrimitive.implementation(description);
        if (name.contains("ref")) {
            return REFERENCE;
        }
        return name.contains("gemm") ? UNFOLDING : 0;
    }

    private static Candidate weightGradient(
            final OneDnnConvolutionShape shape,
            final Layouts layouts,
            final MemorySegment forward) {
        return best(shape, layouts, SOURCE, (x, dy) -> shape.weightGradient(x, dy, forward));
    }

    /** {@return the description of the gradient by the weights, for tensors in {@code layouts} or copied from them} */
    static MemorySegment describeWeightGradient(
            final OneDnnConvolutionShape shape,
            final Layouts layouts,
            final MemorySegment forward) {
        return weightGradient(shape, layouts, forward).description();
    }

    /** {@return the description of the gradient by the input, for tensors in {@code layouts} or copied from them} */
    static MemorySegment describeDataGradient(
            final OneDnnConvolutionShape shape,
            final Layouts layouts,
            final MemorySegment forward) {
        return best(
                        shape,
                        layouts,
                        SOURCE_GRADIENT,
                        (dx, dy) -> shape.dataGradient(dx, dy, forward))
                .description();
    }

    private static Candidate best(
            final OneDnnConvolutionShape shape,
            final Layouts layouts,
            final int input,
            final Gradient gradient) {
        final OneDnnObjects objects = shape.objects();
        final var choice = new OneDnnConvolutionChoice(shape, true);
        final List<Trial> trials = new ArrayList<>();
        trials.add(new Trial(layouts.x().describe(objects), layouts.y().describe(objects)));
        trials.addAll(choice.trials(layouts.x().describe(objects)));
        Candidate best = new Candidate(null, IMPOSSIBLE);
        for (final Trial trial : trials) {
            if (best.cost() <= COPY) {
                break; // the others cost a copy at least
            }
            final MemorySegment description = gradient.describe(trial.x(), trial.y());
            if (description != null) {
                final Layouts found = Layouts.of(description, input, TARGET_GRADIENT);
                final int cost = cost(description) + COPY * found.copiesTo(layouts);
                if (cost < best.cost()) {
                    best = new Candidate(description, cost);
                }
            }
        }
        if (best.description() == null) {
            throw new IllegalStateException("oneDNN: no gradient of " + shape);
        }
        return best;
    }
}
