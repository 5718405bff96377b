package greenwave.kernels.cuda;

import greenwave.kernels.View;

/**
 * How a launch of {@code sums.cuh} is cut: threads side by side on outputs or on terms, and so many splits of the terms
 * that the device is busy. With more than one split a second launch adds partial sums up.
 */
final class SumPlan {
    private static final int LANES = CudaRows.LANES;
    private static final int MOST_THREADS = 512; // of a block
    private static final int TERMS_PER_THREAD = 16; // enough to hide that they are waited for
    private static final int FEWEST_ACROSS = 8; // outputs, of which a warp takes 32 at once
    private static final long MOST_SPLITS = 64;
    private static final long MOST_BLOCKS = 2048; // where terms are split

    private final SumWords sums = new SumWords();
    private boolean across;
    private int threads;
    private int blocks;
    private int splits;

    /** Plans the sum of all {@code n} elements. */
    void all(final long n) {
        sums.all(n);
        cut();
    }

    /** Plans a sum over each channel of [outer, channels, inner]. */
    void channels(final int outer, final int channels, final int inner) {
        sums.channels(outer, channels, inner);
        cut();
    }

    /** Plans sums over the dimensions of {@code view} from {@code kept} on. */
    void view(final View view, final int kept) {
        sums.view(view, kept);
        cut();
    }

    private void cut() {
        final long outputs = sums.outputs();
        final long terms = sums.terms();
        across = sums.outputsAreNeighbours() && outputs >= FEWEST_ACROSS;
        final long quarter = Long.highestOneBit(Math.max(terms / 4, 1));
        final long workers; // threads that share the terms of an output
        final long groups;
        if (across) {
            workers = Math.clamp(quarter, 1, MOST_THREADS / LANES);
            threads = (int) workers * LANES;
            groups = (outputs + LANES - 1) / LANES;
        } else {
            workers = Math.clamp(quarter, LANES, MOST_THREADS);
            threads = (int) workers;
            groups = outputs;
        }
        blocks = KernelLauncher.blocks(groups);
        final long wanted = Math.clamp(terms / (workers * TERMS_PER_THREAD), 1, MOST_SPLITS);
        splits = (int) Math.clamp(MOST_BLOCKS / blocks, 1, wanted);
    }

    /** Adds the struct to a launch, which gets its grid. */
    CudaLaunch struct(final CudaLaunch launch) {
        return launch.grid(blocks, splits, 1, threads, 1, 1).words(sums.words(), SumWords.COUNT);
    }

    /** {@return whether threads are side by side on outputs, as the kernels take it} */
    int across() {
        return across ? 1 : 0;
    }

    /** {@return how many parts the terms of an output are cut into} */
    int splits() {
        return splits;
    }

    /** {@return how many sums there are} */
    long outputs() {
        return sums.outputs();
    }

    /** {@return how many elements each sums} */
    long terms() {
        return sums.terms();
    }

    /** {@return bytes of the partial sums, {@code each} per output and split} */
    long partialBytes(final int each) {
        return each * outputs() * splits * Double.BYTES;
    }
}
