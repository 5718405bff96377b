package greenwave.engine.autograd;

import greenwave.engine.tensor.Tensor;

import java.util.List;

/** Finds the tensors whose gradient is computed: a trained parameter reaches them, and they reach the loss. */
final class Differentiation {
    private Differentiation() {}

    /**
     * {@return by tensor: whether its gradient is computed}
     *
     * @throws IllegalArgumentException if no trained parameter reaches the loss
     */
    static boolean[] of(final List<Trace.Node> nodes, final Tensor loss) {
        final boolean[] trained = new boolean[nodes.size()];
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
        final boolean[] used = new boolean[nodes.size()];
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

    private static boolean flowsFromAny(final Trace.Node node, final boolean[] trained) {
        for (int i = 0; i < node.inputs().length; i++) {
            if (trained[node.inputs()[i]] && node.op().differentiable(i)) {
                return true;
            }
        }
        return false;
    }
}
