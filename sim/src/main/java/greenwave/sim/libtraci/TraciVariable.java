package greenwave.sim.libtraci;

/**
 * A variable of TraCI that can be read.
 *
 * @param code its number in the protocol
 * @param type what the protocol sends for it
 */
public record TraciVariable(int code, Type type) {
    /** Kinds of values. */
    public enum Type {
        /** A signed 32-bit number. */
        INTEGER,
        /** A 64-bit floating-point number. */
        NUMBER,
        /** Two floating-point numbers, metres to the east and to the north. */
        POSITION,
        /** A text. */
        TEXT,
        /** Texts, most often names of objects. */
        LIST
    }

    /** {@return an integer variable} */
    public static TraciVariable integer(final int code) {
        return new TraciVariable(code, Type.INTEGER);
    }

    /** {@return a floating-point variable} */
    public static TraciVariable number(final int code) {
        return new TraciVariable(code, Type.NUMBER);
    }

    /** {@return a position variable} */
    public static TraciVariable position(final int code) {
        return new TraciVariable(code, Type.POSITION);
    }

    /** {@return a text variable} */
    public static TraciVariable text(final int code) {
        return new TraciVariable(code, Type.TEXT);
    }

    /** {@return a list variable} */
    public static TraciVariable list(final int code) {
        return new TraciVariable(code, Type.LIST);
    }

    /** {@return how many doubles hold a value: 2 for a position, else 1} */
    public int width() {
        return type == Type.POSITION ? 2 : 1;
    }
}
