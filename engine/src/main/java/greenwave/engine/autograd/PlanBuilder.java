package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Says what a {@link Plan} computes beside the values of its trace: gradients, calls at the end, what stays readable. */
public final class PlanBuilder {
    private final Backend backend;
    private final Trace trace;
    private final List<Tensor> kept = new ArrayList<>();
    private final List<PlanSteps.Extra> extras = new ArrayList<>();
    private Tensor loss;

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
        this.loss = loss;
        kept.add(loss);
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
                loss == null ? new boolean[nodes.size()] : Differentiation.of(nodes, loss);
        return new PlanSteps(backend, new Graph(nodes, readable, differentiated))
                .build(backend, trace, loss, extras);
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
