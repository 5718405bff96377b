package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Builds a {@link Plan}: gives every tensor its buffer, lists the forward calls in the order of the trace, and the
 * gradient calls in reverse.
 */
public final class PlanBuilder {
    /** Makes a call once the buffers, by tensor id, are known. */
    private record Extra(String name, Function<Buffer[], KernelCall> call) {}

    private final Backend backend;
    private final Trace trace;
    private final List<Extra> extras = new ArrayList<>();
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
        return this;
    }

    /** Adds a call at the end, such as an optimizer's step. */
    public PlanBuilder then(final String name, final KernelCall call) {
        extras.add(new Extra(name, buffers -> call));
        return this;
    }

    /**
     * Adds {@code value}, as this run has computed it, to {@code sum}: what is read seldom costs no run a wait.
     *
     * @param sum f32, of the same length
     * @throws IllegalArgumentException if {@code value} belongs to another trace
     */
    public PlanBuilder thenAddTo(final Buffer sum, final Tensor value) {
        if (value.trace() != trace) {
            throw new IllegalArgumentException(
                    "thenAddTo: value=%s belongs to another trace".formatted(value));
        }
        extras.add(
                new Extra(
                        "addScaled",
                        buffers -> {
                            final Buffer from = buffers[value.id()];
                            return k -> k.addScaled(1, from, sum);
                        }));
        return this;
    }

    /** {@return the plan; it owns its buffers until closed} */
    public Plan build() {
        return new Build().plan();
    }

    /** The state of one build. */
    private final class Build {
        private final List<Trace.Node> nodes = trace.nodes();
        private final Buffer[] values = new Buffer[nodes.size()];
        private final Buffer[] gradients = new Buffer[nodes.size()];
        private final List<Buffer> owned = new ArrayList<>();
        private final List<Plan.Step> steps = new ArrayList<>();

        Plan plan() {
            final boolean[] differentiated =
                    differentiated(); // may refuse: nothing is allocated yet
            nodes.forEach(node -> place(node, differentiated[node.out().id()]));
            if (loss != null) {
                clearGradients();
            }
            nodes.stream().filter(this::computes).forEach(this::addForward);
            if (loss != null) {
                final Buffer seed = gradients[loss.id()];
                add("fill", "d" + loss + " = 1", k -> k.fill(seed, 1));
                nodes.reversed().forEach(this::addGradients);
            }
            extras.forEach(extra -> add(extra.name(), "", extra.call().apply(values)));
            return new Plan(backend.kernels(), trace, steps, values, owned);
        }

        /** By tensor: a gradient is computed if a trained parameter reaches it, and it the loss. */
        private boolean[] differentiated() {
            final boolean[] trained = new boolean[nodes.size()];
            final boolean[] used = new boolean[nodes.size()];
            if (loss == null) {
                return used;
            }
            for (final Trace.Node node : nodes) {
                trained[node.out().id()] =
                        node.parameter() != null
                                ? node.parameter().trained()
                                : flowsFromAny(node, trained);
            }
            if (!trained[loss.id()]) {
                throw new IllegalArgumentException(
                        "gradientsOf: loss=%s depends on no trained parameter".formatted(loss));
            }
            used[loss.id()] = true;
            for (final Trace.Node node : nodes.reversed()) {
                final int id = node.out().id();
                used[id] &= trained[id];
                for (int i = 0; used[id] && i < node.inputs().length; i++) {
                    used[node.inputs()[i]] |= node.op().differentiable(i);
                }
            }
            return used;
        }

        private boolean flowsFromAny(final Trace.Node node, final boolean[] trained) {
            for (int i = 0; i < node.inputs().length; i++) {
                if (trained[node.inputs()[i]] && node.op().differentiable(i)) {
                    return true;
                }
            }
            return false;
        }

        private boolean computes(final Trace.Node node) {
            return node.op() != null && node.op().computes();
        }

        private Buffer allocate(final DType dtype, final long length) {
            final Buffer buffer = backend.allocate(dtype, length);
            owned.add(buffer);
            return buffer;
        }

        private void place(final Trace.Node node, final boolean differentiated) {
            final Tensor out = node.out();
            final Parameter parameter = node.parameter();
            if (parameter != null) {
                values[out.id()] = parameter.value();
            } else if (node.op() != null && node.op().alias()) {
                values[out.id()] = values[node.inputs()[0]];
            } else {
                values[out.id()] = allocate(out.dtype(), out.shape().size());
            }
            if (node.op() == null && node.constants().length > 0) {
                values[out.id()].upload(
                        0, MemorySegment.ofArray(node.constants()), 0, node.constants().length);
            }
            if (differentiated) {
                gradients[out.id()] =
                        parameter != null
                                ? parameter.gradient()
                                : allocate(DType.F32, out.shape().size());
            }
        }

        private void clearGradients() {
            for (final Trace.Node node : nodes) {
                final Buffer gradient = gradients[node.out().id()];
                if (gradient != null && node.out() != loss) {
                    add("fill", "d" + node.out() + " = 0", k -> k.fill(gradient, 0));
                }
            }
        }

        private void addForward(final Trace.Node node) {
            add(
                    node.name(),
                    "%s -> %s".formatted(inputs(node), node.out()),
                    node.op().forward().bind(call(node)));
        }

        private void addGradients(final Trace.Node node) {
            if (gradients[node.out().id()] == null) {
                return;
            }
            final Call call = call(node);
            for (int i = 0; i < node.inputs().length; i++) {
                if (node.op().differentiable(i) && gradients[node.inputs()[i]] != null) {
                    add(
                            "%s.d%d".formatted(node.name(), i),
                            "d%s -> d%s".formatted(node.out(), nodes.get(node.inputs()[i]).out()),
                            node.op().gradient(i).bind(call));
                }
            }
        }

        private Call call(final Trace.Node node) {
            final int n = node.inputs().length;
            final Shape[] shapes = new Shape[n];
            final Buffer[] in = new Buffer[n];
            final Buffer[] inGradients = new Buffer[n];
            for (int i = 0; i < n; i++) {
                final int id = node.inputs()[i];
                shapes[i] = nodes.get(id).out().shape();
                in[i] = values[id];
                inGradients[i] = gradients[id];
            }
            final int id = node.out().id();
            return new Call(
                    shapes,
                    node.attributes().clone(),
                    node.constants().clone(),
                    node.out().shape(),
                    in,
                    values[id],
                    inGradients,
                    gradients[id]);
        }

        private String inputs(final Trace.Node node) {
            return Arrays.stream(node.inputs())
                    .mapToObj(id -> nodes.get(id).out().toString())
                    .collect(Collectors.joining(", "));
        }

        private void add(final String name, final String detail, final KernelCall call) {
            steps.add(new Plan.Step(name, detail, call));
        }
    }
}
