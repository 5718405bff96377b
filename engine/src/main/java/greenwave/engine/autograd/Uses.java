package greenwave.engine.autograd;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds for a tensor the one op that needs it, if nothing else does: the two may be joined. */
final class Uses {
    private final Map<Integer, Trace.Node> sole = new HashMap<>();

    /**
     * Reads the nodes of a plan.
     *
     * @param readable by tensor: the caller needs it, too
     */
    Uses(final List<Trace.Node> nodes, final boolean[] readable) {
        final Set<Integer> shared = new HashSet<>();
        for (final Trace.Node node : nodes) {
            for (final int input : node.inputs()) {
                if (readable[input] || sole.put(input, node) != null) {
                    shared.add(input);
                }
            }
        }
        sole.keySet().removeAll(shared);
    }

    /** {@return the only node that needs a tensor, which it does once; null if there is none, or more} */
    Trace.Node soleUser(final int tensor) {
        return sole.get(tensor);
    }

    /** {@return the only node that needs the output of {@code node}, if that is a use of {@code op} as its first input; else null} */
    Trace.Node follower(final Trace.Node node, final Op op) {
        final Trace.Node user = soleUser(node.out().id());
        final boolean follows =
                user != null && user.op() == op && user.inputs()[0] == node.out().id();
        return follows ? user : null;
    }
}
