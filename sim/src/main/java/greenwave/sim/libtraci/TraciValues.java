package greenwave.sim.libtraci;

/**
 * Values of one subscribed object, asked for by TraCI variable. The type of a variable is fixed by
 * the protocol; asking for another one is undefined.
 */
public interface TraciValues {
    /** Takes in one object at a time. */
    @FunctionalInterface
    interface Reader {
        /** Reads {@code values} of the object {@code id}; they are gone when this returns. */
        void read(String id, TraciValues values);
    }

    /** {@return an integer variable} */
    int integer(int variable);

    /** {@return a floating-point variable} */
    double number(int variable);

    /** {@return the first coordinate of a position variable} */
    double x(int variable);

    /** {@return the second coordinate of a position variable} */
    double y(int variable);

    /** {@return a text variable} */
    String text(int variable);

    /** {@return a list variable} */
    String[] list(int variable);
}
