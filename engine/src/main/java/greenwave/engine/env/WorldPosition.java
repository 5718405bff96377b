package greenwave.engine.env;

import java.util.Arrays;

/**
 * Where a world of a {@link VecEnv} stands: in which episode, and by which actions it came to be there.
 *
 * @param episode number in that world, from 0
 * @param actions taken since it began, [decisions, agents]: agents group by group, in the order of {@link EnvSpec#groups}
 */
public record WorldPosition(int episode, int[] actions) {
    /** The beginning of the first episode. */
    public static final WorldPosition START = new WorldPosition(0, new int[0]);

    /** Refuses a negative episode. */
    public WorldPosition {
        if (episode < 0) {
            throw new IllegalArgumentException(
                    "WorldPosition: episode=%d, expected >= 0".formatted(episode));
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final WorldPosition that
                && episode == that.episode
                && Arrays.equals(actions, that.actions);
    }

    @Override
    public int hashCode() {
        return 31 * episode + Arrays.hashCode(actions);
    }
}
