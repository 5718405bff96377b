package greenwave.engine.env;

/**
 * Worlds that move while the caller computes: {@link #step} in two halves, for all worlds or for some.
 * A world that was sent to is under way until it is received from; meanwhile its rows of the batch,
 * and of the actions that were sent, are not to be touched. Rows of other worlds stand still.
 *
 * <p>With {@code send(actions)} and {@code recv()} in turn, worlds do what they do under {@link #step}.
 * With {@link #send(int[][], int[], int)} and {@link #recv(int)} which worlds come back together depends
 * on their speed; each world's own trajectory is still fixed by its seeds and actions.
 */
public interface AsyncVecEnv extends VecEnv {
    /**
     * Some worlds that came back together.
     *
     * @param batch all columns; rows of worlds that are under way are in motion
     * @param worlds those that came back, ascending
     */
    record Arrival(StepBatch batch, int[] worlds) {}

    /**
     * Sends a decision to every world, and returns before they have taken it.
     *
     * @param actions as for {@link #step}; read until the worlds are received from
     * @throws IllegalArgumentException on a wrong length or an index out of range; no world has moved
     * @throws IllegalStateException before {@link #reset}, after {@link #close}, or if a world is under
     *     way
     */
    void send(int[][] actions);

    /**
     * Waits for all worlds that are under way.
     *
     * @return the batch, overwritten from the next call on
     * @throws IllegalStateException if none is under way
     */
    StepBatch recv();

    /**
     * Sends a decision to some worlds, and returns before they have taken it.
     *
     * @param actions as for {@link #step}; only the rows of {@code worlds} are read
     * @param worlds indices in [0, worlds of the spec), of which the first {@code count} count
     * @throws IllegalArgumentException as for {@link #send(int[][])}, and if a world is named twice
     * @throws IllegalStateException before {@link #reset}, after {@link #close}, or if one of them is under
     *     way; none has moved
     */
    void send(int[][] actions, int[] worlds, int count);

    /**
     * Waits until at least {@code least} worlds are back, and takes all that are.
     *
     * @param least in [1, worlds that are under way]
     * @return which worlds, and the batch; overwritten by the next call
     * @throws IllegalArgumentException if there are not so many under way
     */
    Arrival recv(int least);
}
