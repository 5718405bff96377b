package greenwave.kernels.cuda;

import greenwave.kernels.View;

/**
 * Which elements are summed to which output, as {@code struct Sums} in {@code sums.cuh}: outputs, terms, the two ranks,
 * then dimensions and strides that are kept and those that are summed. Reused, so that a call allocates nothing.
 */
final class SumWords {
    private static final int MOST_DIMS = 6; // as in sums.cuh
    private static final int OUTPUTS = 0;
    private static final int TERMS = 1;
    private static final int KEPT = 4;
    private static final int SUMMED = KEPT + 2 * MOST_DIMS;

    /** Words of the struct. */
    static final int COUNT = SUMMED + 2 * MOST_DIMS;

    private final long[] words = new long[COUNT];

    /** All {@code n} elements are summed. */
    void all(final long n) {
        clear();
        add(SUMMED, n, 1);
        end(1, n);
    }

    /** Each channel of {@code [outer, channels, inner]} is summed; a matrix has its columns as channels, and one inside. */
    void channels(final int outer, final int channels, final int inner) {
        clear();
        add(KEPT, channels, inner);
        add(SUMMED, outer, (long) channels * inner);
        add(SUMMED, inner, 1);
        end(channels, (long) outer * inner);
    }

    /**
     * The dimensions of {@code view} from {@code kept} on are summed; its offset is left to the caller.
     *
     * @throws IllegalArgumentException if more than 6 dimensions are left of either kind
     */
    void view(final View view, final int kept) {
        clear();
        for (int d = 0; d < view.dims().length; d++) {
            add(d < kept ? KEPT : SUMMED, view.dims()[d], view.strides()[d]);
        }
        final int rank = view.dims().length;
        end(view.size(0, kept), view.size(kept, rank));
    }

    private void clear() {
        words[rankAt(KEPT)] = 0;
        words[rankAt(SUMMED)] = 0;
    }

    private static int rankAt(final int part) {
        return part == KEPT ? 2 : 3;
    }

    /** Adds a dimension, joined to the one before if both can be walked as one. */
    private void add(final int part, final long dim, final long stride) {
        final int rank = (int) words[rankAt(part)];
        final int last = part + rank - 1;
        if (dim == 1) {
            return;
        }
        if (rank > 0 && words[last + MOST_DIMS] == stride * dim) {
            words[last] *= dim;
            words[last + MOST_DIMS] = stride;
            return;
        }
        if (rank == MOST_DIMS) {
            throw new IllegalArgumentException(
                    "addSums: expected at most %d dimensions that are kept and that are summed"
                            .formatted(MOST_DIMS));
        }
        words[last + 1] = dim;
        words[last + 1 + MOST_DIMS] = stride;
        words[rankAt(part)] = rank + 1;
    }

    private void end(final long outputs, final long terms) {
        words[OUTPUTS] = outputs;
        words[TERMS] = terms;
        for (int part = KEPT; part <= SUMMED; part += SUMMED - KEPT) {
            if (words[rankAt(part)] == 0) { // a single one
                words[rankAt(part)] = 1;
                words[part] = 1;
                words[part + MOST_DIMS] = 0;
            }
        }
    }

    /** {@return the words, to be read before the next change} */
    long[] words() {
        return words;
    }

    /** {@return how many sums there are} */
    long outputs() {
        return words[OUTPUTS];
    }

    /** {@return how many elements each sums} */
    long terms() {
        return words[TERMS];
    }

    /** {@return whether outputs lie one after another, but not the terms of one} */
    boolean outputsAreNeighbours() {
        return innermost(KEPT) == 1 && innermost(SUMMED) != 1;
    }

    private long innermost(final int part) {
        return words[part + MOST_DIMS + (int) words[rankAt(part)] - 1];
    }
}
