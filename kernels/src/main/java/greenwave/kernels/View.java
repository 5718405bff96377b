package greenwave.kernels;

import java.util.Arrays;

/**
 * Which elements of a buffer make up a tensor: element (i, j, ...) is the one at {@code offset + i · strides[0] + j ·
 * strides[1] + ...}. A stride of 0 repeats. Immutable: the arrays are never written.
 *
 * @param offset of the first element, not negative
 * @param dims positive
 * @param strides not negative, one per dimension
 */
public record View(long offset, int[] dims, long[] strides) {
    /** {@return all of a buffer of this shape, row-major} */
    public static View dense(final int... dims) {
        final long[] strides = new long[dims.length];
        long stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return new View(0, dims.clone(), strides);
    }

    /** {@return the same elements; dimension i is dimension order[i] of this} */
    public View permute(final int... order) {
        return new View(
                offset,
                Arrays.stream(order).map(i -> dims[i]).toArray(),
                Arrays.stream(order).mapToLong(i -> strides[i]).toArray());
    }

    /** {@return the part from {@code start} on, {@code length} long, of dimension {@code dim}} */
    public View narrow(final int dim, final int start, final int length) {
        final int[] narrowed = dims.clone();
        narrowed[dim] = length;
        return new View(offset + start * strides[dim], narrowed, strides);
    }

    /** {@return this repeated to {@code wide}: dimensions are added in front, those of size 1 are stretched} */
    public View broadcast(final int... wide) {
        final int added = wide.length - dims.length;
        final long[] stretched = new long[wide.length];
        for (int i = added; i < wide.length; i++) {
            stretched[i] = dims[i - added] == 1 ? 0 : strides[i - added];
        }
        return new View(offset, wide.clone(), stretched);
    }

    /** {@return the number of elements} */
    public long size() {
        return size(0, dims.length);
    }

    /** {@return the product of dimensions {@code from} to {@code to}, the latter excluded} */
    public long size(final int from, final int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= dims[i];
        }
        return product;
    }

    /** {@return where in the buffer element {@code i} lies, counted row-major} */
    public long at(final long i) {
        long at = offset;
        long rest = i;
        for (int d = dims.length - 1; d >= 0; d--) {
            at += rest % dims[d] * strides[d];
            rest /= dims[d];
        }
        return at;
    }

    /** {@return how many elements at the end of each row lie one after another, in this and in {@code other} of the same dimensions} */
    public long run(final View other) {
        long run = 1;
        for (int d = dims.length - 1; d >= 0; d--) {
            if (strides[d] != run || other.strides[d] != run) {
                break;
            }
            run *= dims[d];
        }
        return run;
    }

    /** {@return the least length of a buffer that holds all elements} */
    public long extent() {
        return at(size() - 1) + 1;
    }

    /** {@return for example {@code [3, 4] by [0, 1] from 0}} */
    @Override
    public String toString() {
        return "%s by %s from %d"
                .formatted(Arrays.toString(dims), Arrays.toString(strides), offset);
    }
}
