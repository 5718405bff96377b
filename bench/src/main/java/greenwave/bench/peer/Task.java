package greenwave.bench.peer;

/** What is timed. */
public enum Task {
    /** One gradient step. */
    TRAIN(0),
    /** The greedy action of one observation. */
    ACT_1(1),
    /** The greedy actions of 8. */
    ACT_8(8),
    /** The greedy actions of 64. */
    ACT_64(64);

    private final int rows;

    Task(final int rows) {
        this.rows = rows;
    }

    /** {@return observations acted on; 0 if this is not about acting} */
    public int rows() {
        return rows;
    }
}
