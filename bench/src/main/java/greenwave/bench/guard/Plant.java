package greenwave.bench.guard;

/** A regression put into a path on purpose, to see whether the guard finds it. */
enum Plant {
    /** None. */
    NOTHING,
    /** Half as much work again: every second operation is done twice. */
    SLOWDOWN,
    /** 64 bytes with every operation. */
    ALLOCATION;

    private static final int BYTES = 48; // and a header of 16

    static byte[] sink; // keeps the planted allocation from being optimised away

    /** {@return {@code duel} with this in its path} */
    Duel in(final Duel duel) {
        return new Duel(
                in(duel.path()),
                duel.floor(),
                duel.floorsPerPath(),
                duel.clock(),
                in(duel.allocating()),
                duel.allocation(),
                duel.resources());
    }

    private Runnable in(final Runnable path) {
        return switch (this) {
            case NOTHING -> path;
            case SLOWDOWN -> slower(path);
            case ALLOCATION ->
                    () -> {
                        sink = new byte[BYTES];
                        path.run();
                    };
        };
    }

    private static Runnable slower(final Runnable path) {
        final boolean[] twice = {false};
        return () -> {
            path.run();
            if (twice[0]) {
                path.run();
            }
            twice[0] = !twice[0];
        };
    }
}
