package greenwave.engine.tensor;

/** Two tensors of shapes that differ, widened to one shape as NumPy and PyTorch do. */
record Broadcasting(Tensor a, Tensor b) {
    /**
     * {@return both, of one shape: dimensions are matched from the last on; a missing one, or one of 1, is repeated}
     *
     * @throws IllegalArgumentException if two dimensions differ and neither is 1
     */
    static Broadcasting of(final String op, final Tensor a, final Tensor b) {
        if (a.shape().equals(b.shape())) {
            return new Broadcasting(a, b);
        }
        final int rank = Math.max(a.shape().rank(), b.shape().rank());
        final int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            final int left = fromEnd(a.shape(), rank - i);
            final int right = fromEnd(b.shape(), rank - i);
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        "%s: a=%s, b=%s, expected shapes that broadcast to one"
                                .formatted(op, a.shape(), b.shape()));
            }
            dims[i] = left == 1 ? right : left;
        }
        return new Broadcasting(a.broadcast(dims), b.broadcast(dims));
    }

    /** Dimension {@code n} counted from the end, 1 being the last; 1 where there is none. */
    private static int fromEnd(final Shape shape, final int n) {
        return n > shape.rank() ? 1 : shape.dim(shape.rank() - n);
    }
}
