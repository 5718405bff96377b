package greenwave.engine.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Dimensions that may follow the number of rows N, which the user of a model chooses: dimension i is {@code each[i]}, times
 * N if {@code follows[i]}. They are found by recording the same computation for two N.
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
record Rows(int[] each, boolean[] follows) {
    /** The two N: neither divides the other, nor is 1, which broadcasts. */
    static final int FEW = 2;

    static final int MORE = 3;

    /**
     * {@return the dimensions that are {@code few} and {@code more} for these N}
     *
     * @param op for the message
     * @throws IllegalArgumentException if one is neither constant nor a multiple of N
     */
    static Rows of(final String op, final int[] few, final int[] more) {
        final int[] each = few.clone();
        final boolean[] follows = new boolean[few.length];
        for (int i = 0; i < few.length; i++) {
            follows[i] = few[i] != more[i];
            if (follows[i]) {
                each[i] = few[i] / FEW;
                if (each[i] * FEW != few[i] || each[i] * MORE != more[i]) {
                    throw new IllegalArgumentException(
                            "onnx: op=%s, sizes=%s for %d rows, %s for %d, expected multiples of the rows"
                                    .formatted(
                                            op,
                                            Arrays.toString(few),
                                            FEW,
                                            Arrays.toString(more),
                                            MORE));
                }
            }
        }
        return new Rows(each, follows);
    }

    /** {@return how many dimensions follow N} */
    long following() {
        return IntStream.range(0, each.length).filter(i -> follows[i]).count();
    }

    /** {@return the dimensions, {@code stand} in place of those that follow N} */
    int[] with(final int stand) {
        return IntStream.range(0, each.length).map(i -> follows[i] ? stand : each[i]).toArray();
    }
}
