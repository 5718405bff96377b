package greenwave.engine.dqn;

import greenwave.engine.autograd.Plan;
import greenwave.engine.io.Safetensors.Entry;
import greenwave.engine.io.StoredType;
import greenwave.engine.nn.Parameters;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.tensor.Shape;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What learning and acting depend on, beside replays, as named tensors: collected, then saved or restored. */
final class LearnerState {
    private record Part(Shape shape, Buffer buffer) {
        long length() {
            return buffer.length();
        }
    }

    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** Collects the parameters of a network, by their PyTorch names. */
    LearnerState add(final String prefix, final Parameters parameters) {
        parameters.all().forEach(p -> add(prefix + p.name(), p.shape(), p.value()));
        return this;
    }

    /** Collects what an optimizer keeps. */
    LearnerState add(final String prefix, final Optimizer optimizer) {
        optimizer.state().forEach((name, buffer) -> add(prefix + name, buffer));
        return this;
    }

    /** Collects what a plan keeps from run to run: the states of its random numbers. */
    LearnerState add(final String prefix, final Plan plan) {
        final List<Buffer> states = plan.states();
        for (int i = 0; i < states.size(); i++) {
            add(prefix + i, states.get(i));
        }
        return this;
    }

    /** Collects a buffer. */
    LearnerState add(final String name, final Buffer buffer) {
        return add(name, Shape.of(Math.toIntExact(buffer.length())), buffer);
    }

    /** Collects all that {@code other} has. */
    LearnerState add(final String prefix, final LearnerState other) {
        other.parts.forEach((name, part) -> add(prefix + name, part.shape, part.buffer));
        return this;
    }

    private LearnerState add(final String name, final Shape shape, final Buffer buffer) {
        if (parts.put(name, new Part(shape, buffer)) != null) {
            throw new IllegalArgumentException(
                    "checkpoint: tensor=%s, expected a name of its own".formatted(name));
        }
        return this;
    }

    /** {@return what all of it holds now} */
    List<Entry> save() {
        final List<Entry> entries = new ArrayList<>();
        parts.forEach(
                (name, part) -> {
                    final DType dtype = part.buffer.dtype();
                    final MemorySegment data =
                            Arena.ofAuto().allocate(part.length() * dtype.bytes(), Long.BYTES);
                    part.buffer.download(0, data, 0, part.length());
                    entries.add(new Entry(name, dtype, part.shape, data));
                });
        return entries;
    }

    /**
     * Lets all of it hold {@code entries}, by name.
     *
     * @throws IllegalArgumentException if they are other tensors; nothing has changed
     */
    void restore(final Map<String, Entry> entries) {
        parts.forEach((name, part) -> check(name, part, entries.get(name)));
        entries.keySet().stream()
                .filter(name -> !parts.containsKey(name))
                .findFirst()
                .ifPresent(name -> refuse(name, "there", "none"));
        parts.forEach(
                (name, part) -> part.buffer.upload(0, entries.get(name).data(), 0, part.length()));
    }

    private static void check(final String name, final Part part, final Entry entry) {
        final String expected = StoredType.of(part.buffer.dtype()) + part.shape.toString();
        final String found = entry == null ? "missing" : entry.dtype() + entry.shape().toString();
        if (!found.equals(expected)) {
            refuse(name, found, expected);
        }
    }

    private static void refuse(final String name, final String found, final String expected) {
        throw new IllegalArgumentException(
                "checkpoint: tensor=%s is %s, expected %s".formatted(name, found, expected));
    }
}
