package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** What a plan computes: the nodes of a trace and what was put in between, such as copies into another layout. */
final class Graph {
    private final List<Trace.Node> nodes;
    private final boolean[] readable; // by tensor of the trace
    private final List<Tensor> tensors = new ArrayList<>(); // by number
    private final List<Boolean> differentiated = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();

    /**
     * Starts with the nodes of a trace.
     *
     * @param readable by tensor: the caller may read it
     * @param differentiated by tensor: its gradient is computed
     */
    Graph(final List<Trace.Node> nodes, final boolean[] readable, final boolean[] differentiated) {
        this.nodes = nodes;
        this.readable = readable;
        nodes.forEach(node -> add(node.out(), differentiated[node.out().id()]));
    }

    private void add(final Tensor tensor, final boolean isDifferentiated) {
        tensors.add(tensor);
        differentiated.add(isDifferentiated);
        lengths.add(tensor.shape().size());
    }

    /** {@return the nodes of the trace, by tensor} */
    List<Trace.Node> nodes() {
        return nodes;
    }

    /** {@return how many tensors there are} */
    int size() {
        return tensors.size();
    }

    Tensor tensor(final int id) {
        return tensors.get(id);
    }

    /** {@return by tensor of the trace: whether the caller may read it} */
    boolean[] readable() {
        return readable;
    }

    boolean isReadable(final int id) {
        return id < readable.length && readable[id];
    }

    boolean isDifferentiated(final int id) {
        return differentiated.get(id);
    }

    /** {@return elements of the tensor's buffer, padding included} */
    long length(final int id) {
        return lengths.get(id);
    }

    /** Lets a tensor's buffer hold padding, too. */
    void setLength(final int id, final long length) {
        lengths.set(id, length);
    }

    /** {@return a new tensor of the same shape, differentiated like it} */
    Tensor twin(final Tensor tensor) {
        final Tensor twin =
                new Tensor(tensor.trace(), tensors.size(), tensor.shape(), tensor.dtype());
        add(twin, isDifferentiated(tensor.id()));
        return twin;
    }
}
