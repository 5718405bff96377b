package greenwave.engine.optim;

/** Refuses settings out of range. */
final class Settings {
    private Settings() {}

    static void require(
            final String owner,
            final String name,
            final double value,
            final boolean holds,
            final String expected) {
        if (!holds || !Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "%s: %s=%s, expected %s".formatted(owner, name, value, expected));
        }
    }

    static void fraction(final String owner, final String name, final double value) {
        require(owner, name, value, value >= 0 && value < 1, "in [0, 1)");
    }

    static void notNegative(final String owner, final String name, final double value) {
        require(owner, name, value, value >= 0, ">= 0");
    }
}
