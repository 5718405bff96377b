package greenwave.engine.autograd;

import greenwave.kernels.View;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A tensor seen so that some dimensions come first and the others are summed over.
 *
 * @param view of the tensor, its dimensions reordered
 * @param kept how many come first
 */
record Repeats(View view, int kept) {
    /** A tensor of shape {@code wide}, to be summed to {@code narrow}, from which it was broadcast. */
    static Repeats of(final int[] narrow, final int[] wide) {
        final int added = wide.length - narrow.length;
        return over(wide, i -> i < added || narrow[i - added] < wide[i]);
    }

    /** A tensor of shape {@code dims}, to be summed over the dimensions that {@code summed} accepts. */
    static Repeats over(final int[] dims, final IntPredicate summed) {
        final int[] kept = IntStream.range(0, dims.length).filter(summed.negate()).toArray();
        final int[] order =
                IntStream.concat(IntStream.of(kept), IntStream.range(0, dims.length).filter(summed))
                        .toArray();
        return new Repeats(View.dense(dims).permute(order), kept.length);
    }
}
