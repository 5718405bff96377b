package greenwave.sim.libtraci;

/**
 * Takes in the values that a {@link TraciPlan} asks for, one by one, in no order that can be relied
 * on. Watches and variables go by their places in the plan, texts by their numbers in {@link Names}.
 */
public interface TraciReader {
    /** Takes in an integer. */
    void integer(int watch, int variable, int value);

    /** Takes in a floating-point number. */
    void number(int watch, int variable, double value);

    /** Takes in a text. */
    void text(int watch, int variable, int name);

    /** Takes in a list: the first {@code size} of {@code names}, which are gone when this returns. */
    void list(int watch, int variable, int[] names, int size);
}
