package greenwave.engine.env;

import java.util.List;

/**
 * Worlds that step together. One thread drives it; worlds may run on threads of their own inside.
 *
 * <p>A world whose episode ends restarts within the same step (autoreset): the batch then holds the
 * ended episode's reward, flags and {@link GroupBatch#finalObs}, and in {@link GroupBatch#obs} the
 * first observation of the next.
 *
 * <p>Agents need not decide in every step. Where {@link GroupBatch#due} is 0 the agent's last decision is still being
 * carried out, or the first of an episode is not due yet: its action is {@link #NONE}, and any other is ignored. Rewards go
 * on, so that what a decision earns is all that comes until the next one is due, as in a semi-Markov decision process
 * (Sutton, Precup and Singh 1999). An environment whose agents all decide in every step leaves that column at 1. Both
 * columns, like all others, are overwritten where an episode ends: {@link GroupBatch#due} then speaks of the next one.
 */
public interface VecEnv extends AutoCloseable {
    /** The action of an agent that does not decide: things go on as they are. */
    int NONE = -1;

    /** {@return worlds, agents and shapes; constant} */
    EnvSpec spec();

    /**
     * Starts a first episode in every world; all later episodes follow from {@code seed} too.
     *
     * @return first observations; rewards and flags are 0
     */
    StepBatch reset(long seed);

    /**
     * Starts where an environment stands that was {@link #reset} with {@code seed} and has brought its worlds to {@code
     * worlds}. What follows is the same there and here, if episodes depend on seed, world, number and actions alone.
     *
     * @param worlds by world
     * @return the observations to act on next; rewards and flags are 0
     * @throws UnsupportedOperationException if the environment cannot; nothing has changed
     * @throws IllegalArgumentException if {@code worlds} does not fit this environment; nothing has changed
     */
    default StepBatch resume(final long seed, final List<WorldPosition> worlds) {
        throw new UnsupportedOperationException(
                "%s cannot start in the middle of a run".formatted(getClass().getName()));
    }

    /**
     * Takes one step in every world.
     *
     * @param actions by group, then row: {@code actions[g][row]} in [0, actions of group g), or {@link #NONE} where no
     *     decision is due
     * @return the batch, overwritten by the next call
     * @throws IllegalArgumentException on a wrong length or an index out of range; no world has
     *     moved
     * @throws IllegalStateException before {@link #reset} or after {@link #close}
     */
    StepBatch step(int[][] actions);

    /** {@return how often a world was lost and started anew, since the environment was opened} */
    default long recovered() {
        return 0;
    }

    /** Ends all worlds and frees what they held; later calls do nothing. */
    @Override
    void close();
}
