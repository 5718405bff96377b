package greenwave.sim.oracle;

/** Compares one recording with what Greenwave does. */
interface Replay {
    /**
     * Plays it to its end, counting in {@code tally}.
     *
     * @throws IllegalArgumentException if the recording lacks something or cannot be repeated
     */
    void run(Tally tally);
}
