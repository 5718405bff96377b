package greenwave.engine.nn;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The numbers of a network: all parameters in one slab of values and, if trained, a parallel slab of gradients, so that
 * an optimizer sweeps over them in one pass. The gaps between parameters hold zeros and stay so.
 */
public final class Parameters implements AutoCloseable {
    private final ParameterLayout layout;
    private final Buffer values;
    private final Buffer gradients; // null if not trained
    private final Buffer statistics; // null if there are none
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    /** Allocates zeroed values and, if {@code trained}, gradients. */
    Parameters(final Backend backend, final ParameterLayout layout, final boolean trained) {
        final long length = Math.max(1, layout.length()); // a part without weights is a part, too
        this.layout = layout;
        this.values = backend.allocate(DType.F32, length);
        this.gradients = trained ? backend.allocate(DType.F32, length) : null;
        this.statistics =
                layout.statisticsLength() > 0
                        ? backend.allocate(DType.F32, layout.statisticsLength())
                        : null;
        for (final ParameterLayout.Entry entry : layout.entries()) {
            final long size = entry.shape().size();
            final Buffer slab = entry.statistic() ? statistics : values;
            final boolean hasGradient = trained && !entry.statistic();
            byName.put(
                    entry.name(),
                    new Parameter(
                            entry.name(),
                            entry.shape(),
                            slab.slice(entry.offset(), size),
                            hasGradient ? gradients.slice(entry.offset(), size) : null));
        }
    }

    /** {@return every parameter, in the order of declaration} */
    public List<Parameter> all() {
        return List.copyOf(byName.values());
    }

    /** {@return the number of weights, running statistics not counted} */
    public long count() {
        return layout.entries().stream()
                .filter(e -> !e.statistic())
                .mapToLong(e -> e.shape().size())
                .sum();
    }

    /** {@return the running statistics, such as those of batch normalisation, f32, gaps included; empty without} */
    public Optional<Buffer> statistics() {
        return Optional.ofNullable(statistics);
    }

    /** {@return the weights, f32, gaps included} */
    public Buffer values() {
        return values;
    }

    /**
     * {@return the gradients, parallel to {@link #values}}
     *
     * @throws IllegalStateException if these parameters are not trained
     */
    public Buffer gradients() {
        if (gradients == null) {
            throw new IllegalStateException("parameters: not trained, they have no gradients");
        }
        return gradients;
    }

    /** {@return parameter {@code name} as a leaf of {@code trace}} */
    public Tensor tensor(final Trace trace, final String name) {
        final Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "parameters: name=%s, expected one of %s".formatted(name, byName.keySet()));
        }
        return trace.parameter(parameter);
    }

    /** Draws the first values, parameter by parameter in the order of declaration. */
    void initialise(final RandomGenerator random) {
        try (Arena arena = Arena.ofConfined()) {
            for (final ParameterLayout.Entry entry : layout.entries()) {
                final long size = entry.shape().size();
                final MemorySegment drawn = arena.allocate(ValueLayout.JAVA_FLOAT, size);
                for (long i = 0; i < size; i++) {
                    drawn.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) first(entry, random));
                }
                byName.get(entry.name()).value().upload(0, drawn, 0, size);
            }
        }
    }

    private static double first(final ParameterLayout.Entry entry, final RandomGenerator random) {
        if (entry.normal()) {
            return random.nextGaussian();
        }
        final double unit = entry.bound() == 0 ? 0 : 2 * random.nextDouble() - 1;
        return entry.centre() + unit * entry.bound();
    }

    /** Takes over the weights and running statistics of {@code other}, of the same layout. */
    void copyFrom(final Parameters other, final Kernels kernels) {
        kernels.copy(other.values, values);
        if (statistics != null) {
            kernels.copy(other.statistics, statistics);
        }
    }

    /** Frees the slabs; later calls do nothing. */
    @Override
    public void close() {
        values.close();
        if (gradients != null) {
            gradients.close();
        }
        if (statistics != null) {
            statistics.close();
        }
    }
}
