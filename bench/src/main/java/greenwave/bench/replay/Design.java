package greenwave.bench.replay;

import java.util.function.IntFunction;

/** The designs that are measured side by side. */
public enum Design {
    GREENWAVE("greenwave, 16-ary fixed point", GreenwaveTree::new),
    LOCKED("binary, double, one lock", LockedTree::new),
    CAS_FLOAT("binary, float, compare-and-set", CasFloatTree::new),
    NUMPY("binary, double, level by level", NumpyTree::new);

    private final String description;
    private final IntFunction<PriorityTree> maker;

    Design(final String description, final IntFunction<PriorityTree> maker) {
        this.description = description;
        this.maker = maker;
    }

    String description() {
        return description;
    }

    /** {@return an empty tree of {@code capacity} slots} */
    PriorityTree open(final int capacity) {
        return maker.apply(capacity);
    }
}
