package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.util.List;

/**
 * A traced computation, ready to be replayed: a flat list of kernel calls over buffers of its own and over parameters,
 * which plans share. {@link #run} allocates nothing.
 */
public final class Plan implements AutoCloseable {
    /**
     * One line of {@link #describe} and what stands behind it.
     *
     * @param name the op, with the input that a gradient is taken by
     * @param detail shapes
     * @param bytes of the buffers that it reads or writes
     * @param flops floating-point operations
     */
    record Step(String name, String detail, long bytes, long flops, KernelCall call) {}

    private final Kernels kernels;
    private final Trace trace;
    private final List<Step> steps;
    private final KernelCall[] calls;
    private final Buffer[] buffers; // by tensor id; null where the numbers are not kept
    private final List<Buffer> slabs;
    private final List<Runnable> releases; // of what was prepared
    private final RecordedCalls recorded;

    Plan(
            final Backend backend,
            final Trace trace,
            final List<Step> steps,
            final Buffer[] buffers,
            final List<Buffer> slabs,
            final List<Runnable> releases) {
        this.kernels = backend.kernels();
        this.trace = trace;
        this.steps = List.copyOf(steps);
        this.calls = steps.stream().map(Step::call).toArray(KernelCall[]::new);
        this.buffers = buffers;
        this.slabs = slabs;
        this.releases = releases;
        this.recorded = new RecordedCalls(backend, this::queue);
    }

    /** Starts a plan of everything that {@code trace} holds by now. */
    public static PlanBuilder builder(final Backend backend, final Trace trace) {
        return new PlanBuilder(backend, trace);
    }

    /**
     * {@return where the numbers of {@code tensor} are: written before a run if it is an input, else read after it}
     *
     * @throws IllegalArgumentException if it is not part of this plan, or its memory is left to later steps because nobody
     *     asked to {@link PlanBuilder#keep} it
     */
    public Buffer buffer(final Tensor tensor) {
        if (tensor.trace() != trace || tensor.id() >= buffers.length) {
            throw new IllegalArgumentException(
                    "plan: tensor=%s, expected a tensor of the trace it was built from"
                            .formatted(tensor));
        }
        final Buffer buffer = buffers[tensor.id()];
        if (buffer == null) {
            throw new IllegalArgumentException(
                    "plan: tensor=%s is not kept after its last use, expected keep(...) before build()"
                            .formatted(tensor));
        }
        return buffer;
    }

    /** {@return where the plan keeps what it made by {@link Trace#state}, in the order of the trace} */
    public List<Buffer> states() {
        return trace.nodes().stream()
                .limit(buffers.length)
                .filter(node -> node.op() == null && node.constants().length > 0)
                .map(node -> buffers[node.out().id()])
                .toList();
    }

    /** Computes everything once from what the inputs and parameters hold; as one recording where the backend records. */
    public void run() {
        recorded.run();
    }

    /** As {@link #run}, call by call: a part of what {@link RecordedCalls} records. */
    public void queue() {
        for (final KernelCall call : calls) {
            call.run(kernels);
        }
    }

    /** {@return bytes of the buffers that belong to this plan alone} */
    public long bytes() {
        return slabs.stream().mapToLong(b -> b.length() * b.dtype().bytes()).sum();
    }

    /**
     * {@return a table of the steps in order: number, op, shapes, bytes of the buffers that it touches, floating-point operations;
     * memory and operations of the whole plan in the last line}
     */
    public String describe() {
        final int width = steps.stream().mapToInt(step -> step.detail().length()).max().orElse(0);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            final Step step = steps.get(i);
            final String detail = step.detail() + " ".repeat(width - step.detail().length());
            text.append(
                    "%3d  %-16s %s %,13d B %,15d FLOP%n"
                            .formatted(i, step.name(), detail, step.bytes(), step.flops()));
        }
        final long flops = steps.stream().mapToLong(Step::flops).sum();
        return text.append(
                        "%d steps, %,d bytes, %,d FLOP%n".formatted(steps.size(), bytes(), flops))
                .toString();
    }

    /** Frees the buffers of this plan; parameters stay. Later calls do nothing. */
    @Override
    public void close() {
        recorded.close();
        releases.forEach(Runnable::run);
        slabs.forEach(Buffer::close);
    }
}
