package greenwave.bench.guard;

import greenwave.bench.FmaPeak;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Raw work that bounds hot paths; none allocates. */
final class Floors {
    private static final int RUN = 128; // rows of one run
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private Floors() {}

    /** {@return a loop of fused multiply-adds on registers, of {@link FmaPeak#flopsPerRun} operations} */
    static Runnable multiplyAdds() {
        final FmaPeak peak = new FmaPeak();
        return peak::run;
    }

    /** {@return a copy of {@code bytes} that stay in the cache} */
    static Runnable copy(final long bytes) {
        final MemorySegment from = Arena.ofAuto().allocate(bytes, 64).fill((byte) 1);
        final MemorySegment to = Arena.ofAuto().allocate(bytes, 64);
        return () -> to.copyFrom(from);
    }

    /** {@return 128 copies of rows of {@code row} bytes at random places of {@code bytes}} */
    static Runnable rows(final long bytes, final long row) {
        final MemorySegment memory = Arena.ofAuto().allocate(bytes, 64).fill((byte) 1);
        final MemorySegment batch = Arena.ofAuto().allocate(RUN * row, 64);
        final long rows = bytes / row;
        final long[] state = {1};
        return () -> {
            long place = state[0];
            for (int i = 0; i < RUN; i++) {
                place += MIX;
                final long from = Math.floorMod((place ^ place >>> 29) * MIX, rows);
                MemorySegment.copy(memory, from * row, batch, i * row, row);
            }
            state[0] = place;
        };
    }
}
