package greenwave.engine.dqn;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.Parameters;
import greenwave.engine.nn.QNetwork;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds numbers that are not finite. A look takes one pass over each slab on the device and reads a number of each back; only
 * where one is none are tensors read one by one.
 */
final class FiniteGuard implements AutoCloseable {
    private final Kernels kernels;
    private final Parameters trained;
    private final Parameters target;
    private final Buffer statistics; // of the trained; null without
    private final Buffer targetStatistics; // null without
    private final Buffer lossSum;
    private final List<Buffer> slabs; // what is looked at
    private final Buffer probes; // f32 [slabs]
    private final List<Buffer> probe; // each of them
    private final MemorySegment found;

    FiniteGuard(final QNetwork net, final QNetwork target, final Buffer lossSum) {
        this.kernels = net.engine().backend().kernels();
        this.trained = net.parameters();
        this.target = target.parameters();
        this.statistics = trained.statistics().orElse(null);
        this.targetStatistics = this.target.statistics().orElse(null);
        this.lossSum = lossSum;
        this.slabs =
                Stream.of(
                                trained.values(),
                                statistics,
                                trained.gradients(),
                                this.target.values(),
                                targetStatistics,
                                lossSum)
                        .filter(Objects::nonNull)
                        .toList();
        this.probes = net.engine().backend().allocate(DType.F32, slabs.size());
        this.probe = IntStream.range(0, slabs.size()).mapToObj(i -> probes.slice(i, 1)).toList();
        this.found = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, slabs.size());
    }

    /**
     * Looks at weights, running statistics, gradients, target and loss. Allocates nothing as long as they are finite.
     *
     * @throws DivergedException naming the first that is not
     */
    void check(final long updates) {
        look();
        if (isSuspect(trained.values()) || isSuspect(statistics)) {
            find("parameter ", trained, Parameter::value, updates);
        }
        if (isSuspect(trained.gradients())) {
            find("gradient of ", trained, Parameter::gradient, updates);
        }
        if (isSuspect(target.values()) || isSuspect(targetStatistics)) {
            find("target ", target, Parameter::value, updates);
        }
        if (isSuspect(lossSum)) {
            throw diverged("loss", read(lossSum, 0), updates);
        }
    }

    /** Waits for the device once. */
    private void look() {
        for (int i = 0; i < probe.size(); i++) {
            kernels.sum(slabs.get(i), 0, probe.get(i));
        }
        probes.download(0, found, 0, probe.size());
    }

    /** 0 times the sum is 0 as long as all are finite; a sum that overflows is looked into in vain. */
    private boolean isSuspect(final Buffer slab) {
        final int i = slabs.indexOf(slab);
        return i >= 0 && found.getAtIndex(ValueLayout.JAVA_FLOAT, i) != 0;
    }

    private static void find(
            final String kind,
            final Parameters parameters,
            final Function<Parameter, Buffer> of,
            final long updates) {
        for (final Parameter parameter : parameters.all()) {
            final Buffer numbers = of.apply(parameter);
            for (int i = 0; numbers != null && i < numbers.length(); i++) {
                final float value = read(numbers, i);
                if (!Float.isFinite(value)) {
                    final String where = "%s%s[%d]".formatted(kind, parameter.name(), i);
                    throw diverged(where, value, updates);
                }
            }
        }
    }

    private static DivergedException diverged(
            final String tensor, final float value, final long updates) {
        return new DivergedException(
                "learner: %s=%s after update %d, expected a finite number"
                        .formatted(tensor, value, updates));
    }

    private static float read(final Buffer buffer, final int index) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment one = arena.allocate(ValueLayout.JAVA_FLOAT);
            buffer.download(index, one, 0, 1);
            return one.get(ValueLayout.JAVA_FLOAT, 0);
        }
    }

    @Override
    public void close() {
        probes.close();
    }
}
