package greenwave.kernels;

/** The part of {@link Kernels} that treats the rows of a matrix alike. */
public interface RowKernels {
    /** y = softmax of each row of x, or its logarithm if {@code log}; x and y [rows, cols]. */
    void softmax(boolean log, Buffer x, Buffer y, int rows, int cols);

    /**
     * dx += the gradient of {@link #softmax} by x: dx[r, c] += y · (dy[r, c] - sum of dy · y), or dy[r, c] - e to the y ·
     * (sum of dy) if {@code log}.
     *
     * @param y what {@link #softmax} gave
     */
    void addSoftmaxGradient(boolean log, Buffer y, Buffer dy, Buffer dx, int rows, int cols);

    /**
     * dx[r, c] += dy[r] / n where x[r, c] is y[r], the largest of row r, n being how often it is; a row whose largest is NaN
     * gets NaN, as torch.amax's.
     *
     * @param y [rows], what {@link Kernels#rowMax} gave without {@code legal}
     */
    void addEvenRowMaxGradient(Buffer x, Buffer y, Buffer dy, Buffer dx, int rows, int cols);

    /**
     * x[index[r]] += y[r], whole rows; x [n, width], index i32 [rows], y [rows, width].
     *
     * @throws IndexOutOfBoundsException on host backends if an index lies outside [0, n); x is then undefined
     */
    void addScatterRows(Buffer y, Buffer index, Buffer x, int rows, int width);

    /** y[r] = r · cols + index[r]: where element index[r] of row r lies in a matrix of {@code cols} columns; index and y i32 [rows]. */
    void flatIndex(Buffer index, Buffer y, int rows, int cols);
}
