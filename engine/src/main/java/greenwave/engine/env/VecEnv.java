package greenwave.engine.env;

/**
 * Worlds that step together. One thread drives it; worlds may run on threads of their own inside.
 *
 * <p>A world whose episode ends restarts within the same step (autoreset): the batch then holds the
 * ended episode's reward, flags and {@link GroupBatch#finalObs}, and in {@link GroupBatch#obs} the
 * first observation of the next.
 */
public interface VecEnv extends AutoCloseable {
    /** {@return worlds, agents and shapes; constant} */
    EnvSpec spec();

    /**
     * Starts a first episode in every world; all later episodes follow from {@code seed} too.
     *
     * @return first observations; rewards and flags are 0
     */
    StepBatch reset(long seed);

    /**
     * Takes one decision in every world.
     *
     * @param actions by group, then row: {@code actions[g][row]} in [0, actions of group g)
     * @return the batch, overwritten by the next call
     * @throws IllegalArgumentException on a wrong length or an index out of range; no world has
     *     moved
     * @throws IllegalStateException before {@link #reset} or after {@link #close}
     */
    StepBatch step(int[][] actions);

    /** Ends all worlds and frees what they held; later calls do nothing. */
    @Override
    void close();
}
