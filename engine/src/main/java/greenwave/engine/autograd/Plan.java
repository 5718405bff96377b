package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.util.List;

/**
 * A traced computation, ready to be replayed: a flat list of kernel calls over buffers of its own and over parameters,
 * which plans share. Immutable; {@link #run} allocates nothing.
 */
public final class Plan implements AutoCloseable {
    /**
     * One line of {@link #describe} and what stands behind it.
     *
     * @param name the op, with the input that a gradient is taken by
     * @param detail shapes
     */
    record Step(String name, String detail, KernelCall call) {}

    private final Kernels kernels;
    private final Trace trace;
    private final List<Step> steps;
    private final KernelCall[] calls;
    private final Buffer[] buffers; // by tensor id
    private final List<Buffer> owned;

    Plan(
            final Kernels kernels,
            final Trace trace,
            final List<Step> steps,
            final Buffer[] buffers,
            final List<Buffer> owned) {
        this.kernels = kernels;
        this.trace = trace;
        this.steps = List.copyOf(steps);
        this.calls = steps.stream().map(Step::call).toArray(KernelCall[]::new);
        this.buffers = buffers;
        this.owned = owned;
    }

    /** Starts a plan of everything that {@code trace} holds by now. */
    public static PlanBuilder builder(final Backend backend, final Trace trace) {
        return new PlanBuilder(backend, trace);
    }

    /**
     * {@return where the numbers of {@code tensor} are: written before a run if it is an input, else read after it}
     *
     * @throws IllegalArgumentException if it is not part of this plan
     */
    public Buffer buffer(final Tensor tensor) {
        if (tensor.trace() != trace || tensor.id() >= buffers.length) {
            throw new IllegalArgumentException(
                    "plan: tensor=%s, expected a tensor of the trace it was built from"
                            .formatted(tensor));
        }
        return buffers[tensor.id()];
    }

    /** Computes everything once from what the inputs and parameters hold. */
    public void run() {
        for (final KernelCall call : calls) {
            call.run(kernels);
        }
    }

    /** {@return bytes of the buffers that belong to this plan alone} */
    public long bytes() {
        return owned.stream().mapToLong(b -> b.length() * b.dtype().bytes()).sum();
    }

    /** {@return a table of the steps in order: number, op, shapes; and the memory in the last line} */
    public String describe() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append("%3d  %-16s %s%n".formatted(i, steps.get(i).name(), steps.get(i).detail()));
        }
        return text.append("%d steps, %,d bytes%n".formatted(steps.size(), bytes())).toString();
    }

    /** Frees the buffers of this plan; parameters stay. Later calls do nothing. */
    @Override
    public void close() {
        owned.forEach(Buffer::close);
    }
}
