package greenwave.kernels.cpu;

/**
 * One dimension, rows or columns, of a convolution by {@link WinogradConvolution}: output i is {@code Σ_u x[stride · i - pad + u] ·
 * w[u]}. With u = phase + stride · t that is, summed over the phases 0 to stride - 1, {@code Σ_t x_phase[i + t] · w_phase[t]}, where
 * {@code x_phase[r] = x[stride · r + phase - pad]} and {@code w_phase[t] = w[phase + stride · t]}: convolutions of stride 1 with
 * few taps. A tile is two neighbouring outputs; it sees four places of a phase with three taps, three of one with fewer.
 *
 * @param size of the input
 * @param out of the output
 */
record WinogradSide(int size, int out, int kernel, int stride, int pad) {
    /** Taps of a phase at most. */
    static final int TAPS = 3;

    /** Outputs of a tile. */
    static final int TILE = 2;

    /** Points of a phase with fewer taps than {@link #TAPS}: the last one would be zero times anything. */
    static final int FEWEST = 3;

    /** {@return how many phases there are} */
    int phases() {
        return Math.min(kernel, stride);
    }

    /** {@return taps of a phase; the first phase has most} */
    int taps(final int phase) {
        return (kernel - phase + stride - 1) / stride;
    }

    /** {@return at how many points a phase is multiplied} */
    int points(final int phase) {
        return taps(phase) == TAPS ? FEWEST + 1 : FEWEST;
    }

    /** {@return at how many points anything is} */
    int points() {
        return points(0);
    }

    /** {@return how many phases are multiplied at a point: these are the first ones} */
    int sharing(final int point) {
        int sharing = 0;
        while (sharing < phases() && points(sharing) > point) {
            sharing++;
        }
        return sharing;
    }

    /** {@return products per tile, of one input with one output channel and one point of the other side} */
    int products() {
        int products = 0;
        for (int point = 0; point < points(); point++) {
            products += sharing(point);
        }
        return products;
    }

    /** {@return how many tiles cover the output} */
    int tiles() {
        return (out + TILE - 1) / TILE;
    }

    /** {@return where the input's place {@code i} of a phase lies for a tile; outside of the input, it is zero} */
    int place(final int tile, final int phase, final int i) {
        return stride * (TILE * tile + i) + phase - pad;
    }

    /** {@return whether a place is in the input} */
    boolean inside(final int place) {
        return place >= 0 && place < size;
    }

    /** {@return the first tile all of whose places in a phase are in the input, or are beyond its end} */
    int firstWhole(final int phase) {
        int tile = 0;
        while (tile < tiles() && place(tile, phase, 0) < 0) {
            tile++;
        }
        return tile;
    }

    /** {@return the tile from which on, after {@link #firstWhole}, they are not all in the input} */
    int endOfWhole(final int phase) {
        int tile = firstWhole(phase);
        while (tile < tiles() && place(tile, phase, points(phase) - 1) < size) {
            tile++;
        }
        return tile;
    }
}
