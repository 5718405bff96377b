package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The making of one plan. First the steps are listed: forward in the order of the trace, gradients in reverse, and it is noted which
 * step uses which slot. Then the slots get their memory, and only then the steps are bound to it.
 */
final class PlanSteps {
    /** Makes a call once the buffers, by tensor, are known. */
    record Extra(String name, Function<Buffer[], KernelCall> call) {}

    /** Where gradients start: the call that seed binds writes the one by output. */
    record Start(Tensor output, String name, PlanBuilder.Seed seed) {}

    /** A step before its memory is known. */
    private record Pending(
            String name, String detail, long bytes, long flops, Supplier<KernelCall> call) {}

    private final Graph graph;
    private final List<Trace.Node> nodes; // what is computed, in order
    private final LayoutOps layoutOps; // null without image layouts
    private final Slot[] values;
    private final Slot[] gradients; // null where none is computed
    private final boolean[] begun; // by tensor: its gradient holds a first part
    private final List<Slot> slots = new ArrayList<>();
    private final List<Pending> steps = new ArrayList<>();

    PlanSteps(final Backend backend, final Graph graph) {
        this.graph = graph;
        final List<Trace.Node> fused = Fusion.fuse(graph.nodes(), graph.readable());
        final boolean convolves = fused.stream().anyMatch(node -> node.op() == ImageOps.CONV2D);
        final ImageLayouts layouts = convolves ? backend.imageLayouts().orElse(null) : null;
        if (layouts == null) {
            this.layoutOps = null;
            this.nodes = fused;
        } else {
            this.layoutOps = new LayoutOps(backend, layouts);
            this.nodes = ImageLowering.lower(graph, fused, layouts, layoutOps);
        }
        this.values = new Slot[graph.size()];
        this.gradients = new Slot[graph.size()];
        this.begun = new boolean[graph.size()];
        nodes.forEach(this::addSlots);
    }

    Plan build(
            final Backend backend, final Trace trace, final Start start, final List<Extra> extras) {
        nodes.stream().filter(PlanSteps::computes).forEach(this::addForward);
        if (start != null) {
            addSeed(start);
            begun[start.output().id()] = true;
            nodes.reversed().forEach(this::addGradients);
        }
        final List<Buffer> slabs = MemoryPlan.place(backend, slots);
        nodes.forEach(this::uploadConstants);
        final Buffer[] buffers = new Buffer[values.length];
        final Buffer[] shown = new Buffer[values.length];
        for (int id = 0; id < buffers.length; id++) {
            buffers[id] = buffer(values[id]);
            shown[id] = values[id] != null && values[id].kept() ? buffers[id] : null;
        }
        final List<Plan.Step> bound = new ArrayList<>();
        for (final Pending step : steps) {
            final KernelCall call = step.call().get();
            bound.add(new Plan.Step(step.name(), step.detail(), step.bytes(), step.flops(), call));
        }
        extras.forEach(e -> bound.add(new Plan.Step(e.name(), "", 0, 0, e.call().apply(buffers))));
        final List<Runnable> releases = layoutOps == null ? List.of() : layoutOps.releases();
        return new Plan(backend, trace, bound, shown, slabs, releases);
    }

    private static boolean computes(final Trace.Node node) {
        return node.op() != null && node.op().computes();
    }

    private void addSlots(final Trace.Node node) {
        final int id = node.out().id();
        final Parameter parameter = node.parameter();
        if (parameter != null) {
            values[id] = Slot.outside(parameter.value());
        } else if (node.op() != null && node.op().alias()) {
            values[id] = values[node.inputs()[0]];
        } else {
            values[id] = slot(node.out().dtype(), id);
        }
        if (graph.isReadable(id)) {
            values[id].keep();
        }
        if (graph.isDifferentiated(id)) {
            gradients[id] =
                    parameter != null ? Slot.outside(parameter.gradient()) : slot(DType.F32, id);
        }
    }

    private Slot slot(final DType dtype, final int id) {
        final Slot slot = new Slot(dtype, graph.length(id));
        slots.add(slot);
        return slot;
    }

    private void uploadConstants(final Trace.Node node) {
        if (node.op() != null || node.constants().length + node.attributes().length == 0) {
            return;
        }
        final MemorySegment numbers =
                node.out().dtype() == DType.I32
                        ? MemorySegment.ofArray(node.constants())
                        : MemorySegment.ofArray(node.attributes());
        final Buffer buffer = values[node.out().id()].buffer();
        buffer.upload(0, numbers, 0, buffer.length());
    }

    private void addForward(final Trace.Node node) {
        final List<Slot> used = valuesOf(node);
        add(
                node.name(),
                "%s -> %s".formatted(inputs(node), node.out()),
                flops(node),
                used,
                () -> node.op().forward().bind(call(node, new float[node.inputs().length])));
    }

    /** Values of inputs and output. */
    private List<Slot> valuesOf(final Trace.Node node) {
        final List<Slot> used = new ArrayList<>();
        used.add(values[node.out().id()]);
        for (final int input : node.inputs()) {
            used.add(values[input]);
        }
        return used;
    }

    private void addGradients(final Trace.Node node) {
        if (node.op() == null || gradients[node.out().id()] == null) {
            return;
        }
        if (node.op().allGradients() != null) {
            addAllGradients(node);
            return;
        }
        for (int i = 0; i < node.inputs().length; i++) {
            if (flowsTo(node, i)) {
                final int index = i;
                final float[] betas = new float[node.inputs().length];
                betas[i] = begin(node, i);
                addGradient(
                        node,
                        "%s.d%d".formatted(node.name(), i),
                        List.of(node.inputs()[i]),
                        () -> node.op().gradient(index).bind(call(node, betas)));
            }
        }
    }

    private void addAllGradients(final Trace.Node node) {
        final float[] betas = new float[node.inputs().length];
        final List<Integer> reached = new ArrayList<>();
        for (int i = 0; i < betas.length; i++) {
            if (flowsTo(node, i)) {
                betas[i] = begin(node, i);
                reached.add(node.inputs()[i]);
            }
        }
        if (!reached.isEmpty()) {
            addGradient(
                    node,
                    node.name() + ".d",
                    reached,
                    () -> node.op().allGradients().bind(call(node, betas)));
        }
    }

    private boolean flowsTo(final Trace.Node node, final int index) {
        return node.op().differentiable(index) && gradients[node.inputs()[index]] != null;
    }

    /** {@return what the gradient by an input is multiplied by before the op adds to it; it holds numbers then} */
    private float begin(final Trace.Node node, final int index) {
        final int id = node.inputs()[index];
        if (begun[id]) {
            return 1;
        }
        begun[id] = true;
        if (node.op().overwrites(index)) {
            return 0;
        }
        addFill("d%s = 0".formatted(graph.tensor(id)), gradients[id], 0);
        return 1;
    }

    private void addSeed(final Start start) {
        final Slot gradient = gradients[start.output().id()];
        add(
                start.name(),
                "d" + start.output(),
                0,
                List.of(gradient),
                () -> start.seed().bind(tensor -> values[tensor.id()].buffer(), gradient.buffer()));
    }

    private void addFill(final String detail, final Slot slot, final float value) {
        add(
                "fill",
                detail,
                0,
                List.of(slot),
                () -> {
                    final Buffer buffer = slot.buffer();
                    return k -> k.fill(buffer, value);
                });
    }

    private void addGradient(
            final Trace.Node node,
            final String name,
            final List<Integer> reached,
            final Supplier<KernelCall> call) {
        final List<Slot> used = valuesOf(node);
        used.add(gradients[node.out().id()]);
        reached.forEach(id -> used.add(gradients[id]));
        final String to =
                reached.stream()
                        .map(id -> "d" + graph.tensor(id))
                        .collect(Collectors.joining(", "));
        add(name, "d%s -> %s".formatted(node.out(), to), flops(node) * reached.size(), used, call);
    }

    private void add(
            final String name,
            final String detail,
            final long flops,
            final List<Slot> used,
            final Supplier<KernelCall> call) {
        used.forEach(slot -> slot.use(steps.size()));
        final long bytes = used.stream().distinct().mapToLong(Slot::bytes).sum();
        steps.add(new Pending(name, detail, bytes, flops, call));
    }

    private Call call(final Trace.Node node, final float[] betas) {
        final int n = node.inputs().length;
        final Shape[] shapes = new Shape[n];
        final Buffer[] in = new Buffer[n];
        final Buffer[] inGradients = new Buffer[n];
        for (int i = 0; i < n; i++) {
            final int id = node.inputs()[i];
            shapes[i] = graph.tensor(id).shape();
            in[i] = values[id].buffer();
            inGradients[i] = buffer(gradients[id]);
        }
        final int id = node.out().id();
        return new Call(
                shapes,
                node.attributes().clone(),
                node.constants().clone(),
                node.out().shape(),
                in,
                values[id].buffer(),
                inGradients,
                buffer(gradients[id]),
                betas);
    }

    private static Buffer buffer(final Slot slot) {
        return slot == null ? null : slot.buffer();
    }

    private long flops(final Trace.Node node) {
        final List<Shape> shapes =
                Arrays.stream(node.inputs()).mapToObj(id -> graph.tensor(id).shape()).toList();
        return node.op().flops(shapes, node.out().shape());
    }

    private String inputs(final Trace.Node node) {
        return Arrays.stream(node.inputs())
                .mapToObj(id -> graph.tensor(id).toString())
                .collect(Collectors.joining(", "));
    }
}
