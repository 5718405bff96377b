package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Says what a {@link Plan} computes beside the values of its trace: gradients, calls at the end, what stays readable. */
public final class PlanBuilder {
    /** Makes the call that stands between values and gradients: a loss that is no op of the trace. */
    @FunctionalInterface
    public interface Seed {
        /**
         * {@return a call that overwrites {@code gradient}}
         *
         * @param values where the numbers of a tensor are; of inputs, parameters and what is kept
         * @param gradient by the output that gradients start from
         */
        KernelCall bind(Function<Tensor, Buffer> values, Buffer gradient);
    }

    private final Backend backend;
    private final Trace trace;
    private final List<Tensor> kept = new ArrayList<>();
    private final List<PlanSteps.Extra> extras = new ArrayList<>();
    private PlanSteps.Start start; // null: no gradients

    PlanBuilder(final Backend backend, final Trace trace) {
        this.backend = backend;
        this.trace = trace;
    }

    /**
     * Lets the plan compute the gradient of {@code loss} by every trained parameter that it depends on; gradients of
     * earlier runs are overwritten.
     *
     * @throws IllegalArgumentException unless {@code loss} is a scalar of this trace
     */
    public PlanBuilder gradientsOf(final Tensor loss) {
        if (loss.trace() != trace || loss.shape().rank() != 0 || loss.dtype() != DType.F32) {
            throw new IllegalArgumentException(
                    "gradientsOf: loss=%s, expected a F32[] of the plan's trace".formatted(loss));
        }
        kept.add(loss);
        this.start = new PlanSteps.Start(loss, "fill", (_, seed) -> k -> k.fill(seed, 1));
        return this;
    }

    /**
     * As {@link #gradientsOf(Tensor)}, of a loss that is no tensor: {@code seed} writes its gradient by {@code output}.
     *
     * @param name of that call
     * @param output f32
     * @throws IllegalArgumentException if it is another dtype or of another trace
     */
    public PlanBuilder gradientsFrom(final Tensor output, final String name, final Seed seed) {
        if (output.trace() != trace || output.dtype() != DType.F32) {
            throw new IllegalArgumentException(
                    "gradientsFrom: output=%s, expected F32 of the plan's trace".formatted(output));
        }
        kept.add(output);
        this.start = new PlanSteps.Start(output, name, seed);
        return this;
    }

    /** Adds a call at the end, such as an optimizer's step. */
    public PlanBuilder then(final String name, final KernelCall call) {
        extras.add(new PlanSteps.Extra(name, buffers -> call));
        return this;
    }

    /**
     * Adds {@code value}, as this run has computed it, to {@code sum}: what is read seldom costs no run a wait.
     *
     * @param sum f32, of the same length
     * @throws IllegalArgumentException if {@code value} belongs to another trace
     */
    public PlanBuilder thenAddTo(final Buffer sum, final Tensor value) {
        requireOwn("thenAddTo", value);
        kept.add(value);
        extras.add(
                new PlanSteps.Extra(
                        "addScaled",
                        buffers -> {
                            final Buffer from = buffers[value.id()];
                            return k -> k.addScaled(1, from, sum);
                        }));
        return this;
    }

    /**
     * Lets the numbers of {@code tensors} be read after a run. Inputs, parameters, the loss, what is added to a sum, and what
     * no op uses can be read anyway; other tensors leave their memory to later steps.
     *
     * @throws IllegalArgumentException if one belongs to another trace
     */
    public PlanBuilder keep(final Tensor... tensors) {
        for (final Tensor tensor : tensors) {
            requireOwn("keep", tensor);
            kept.add(tensor);
        }
        return this;
    }

    private void requireOwn(final String call, final Tensor tensor) {
        if (tensor.trace() != trace) {
            throw new IllegalArgumentException(
                    "%s: value=%s belongs to another trace".formatted(call, tensor));
        }
    }

    /** {@return the plan; it owns its buffers until closed} */
    public Plan build() {
        final List<Trace.Node> nodes = trace.nodes();
        final boolean[] readable = readable(nodes);
        final boolean[] differentiated = // may refuse: nothing is allocated yet
                start == null
                        ? new boolean[nodes.size()]
                        : Differentiation.of(nodes, start.output());
        return new PlanSteps(backend, new Graph(nodes, readable, differentiated))
                .build(backend, trace, start, extras);
    }

    /** By tensor: the caller may read it. */
    private boolean[] readable(final List<Trace.Node> nodes) {
        final boolean[] readable = new boolean[nodes.size()];
        Arrays.fill(readable, true);
        for (final Trace.Node node : nodes) {
            for (final int input : node.inputs()) {
                readable[input] = nodes.get(input).op() == null;
            }
        }
        kept.forEach(tensor -> readable[tensor.id()] = true);
        return readable;
    }
}
