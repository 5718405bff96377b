package greenwave.kernels.cuda;

import greenwave.kernels.View;

/**
 * Two views of the same dimensions as {@code struct Places} in {@code views.cu}: rank, dimensions, strides of the one and
 * of the other. Dimensions that can be walked as one are joined, those of size 1 are left out. Reused, so that a call
 * allocates nothing.
 */
final class StridedWords {
    private static final int MOST_DIMS = 8; // as in views.cu
    private static final int DIMS = 1;
    private static final int FROM = DIMS + MOST_DIMS;
    private static final int TO = FROM + MOST_DIMS;

    /** Words of the struct. */
    static final int COUNT = TO + MOST_DIMS;

    private final long[] words = new long[COUNT];

    /**
     * Takes two views.
     *
     * @throws IllegalArgumentException if more dimensions than 8 are left
     */
    void set(final String op, final View from, final View to) {
        int rank = 0;
        for (int d = 0; d < from.dims().length; d++) {
            final long dim = from.dims()[d];
            final long a = from.strides()[d];
            final long b = to.strides()[d];
            if (dim == 1) {
                continue;
            }
            final int last = rank - 1;
            if (rank > 0 && words[FROM + last] == a * dim && words[TO + last] == b * dim) {
                words[DIMS + last] *= dim;
                words[FROM + last] = a;
                words[TO + last] = b;
                continue;
            }
            if (rank == MOST_DIMS) {
                throw new IllegalArgumentException(
                        "%s: from=%s, to=%s, expected at most %d dimensions that are not joined"
                                .formatted(op, from, to, MOST_DIMS));
            }
            words[DIMS + rank] = dim;
            words[FROM + rank] = a;
            words[TO + rank] = b;
            rank++;
        }
        if (rank == 0) { // a single element
            words[DIMS] = 1;
            words[FROM] = 0;
            words[TO] = 0;
            rank = 1;
        }
        words[0] = rank;
    }

    /** {@return the words, to be read before the next {@link #set}} */
    long[] words() {
        return words;
    }

    /** {@return whether both are runs of elements one after another} */
    boolean dense() {
        return words[0] == 1 && (words[DIMS] == 1 || words[FROM] == 1 && words[TO] == 1);
    }
}
