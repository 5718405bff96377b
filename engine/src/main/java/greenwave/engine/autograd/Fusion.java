package greenwave.engine.autograd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins ops that one kernel computes: a linear layer whose only use is a ReLU becomes {@link LinearOps#LINEAR_RELU}. The
 * tensor in between is then never computed.
 */
final class Fusion {
    private Fusion() {}

    /**
     * {@return the nodes in their order, joined where they can be}
     *
     * @param readable by tensor: it must be computed
     */
    static List<Trace.Node> fuse(final List<Trace.Node> nodes, final boolean[] readable) {
        final Uses uses = new Uses(nodes, readable);
        final Map<Trace.Node, Trace.Node> linearOf = new HashMap<>(); // by the ReLU after it
        final Set<Trace.Node> joined = new HashSet<>();
        for (final Trace.Node node : nodes) {
            final Trace.Node relu =
                    node.op() == Ops.LINEAR ? uses.follower(node, ElementwiseOps.RELU) : null;
            if (relu != null) {
                linearOf.put(relu, node);
                joined.add(node);
            }
        }
        final List<Trace.Node> fused = new ArrayList<>();
        for (final Trace.Node node : nodes) {
            final Trace.Node linear = linearOf.get(node);
            if (linear != null) {
                fused.add(linear.as(LinearOps.LINEAR_RELU, linear.inputs(), node.out()));
            } else if (!joined.contains(node)) {
                fused.add(node);
            }
        }
        return fused;
    }
}
