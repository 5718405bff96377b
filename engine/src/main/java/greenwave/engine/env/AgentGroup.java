package greenwave.engine.env;

import java.util.List;

/**
 * Agents of equal shape: they share one network, and their rows stand together in a {@link
 * GroupBatch}. An agent observes a vector, an image or both.
 *
 * @param name unique in its environment, stable from run to run, for example {@code 33x8}
 * @param agents names of the agents in row order, at least one
 * @param obsSize numbers in one agent's vector; positive, or 0 where there is an image instead
 * @param actions actions of one agent, at least two
 * @param image size of one agent's image; null if it sees none
 */
public record AgentGroup(
        String name, List<String> agents, int obsSize, int actions, ImageSpec image) {
    /** Checks the ranges above. */
    public AgentGroup {
        agents = List.copyOf(agents);
        if (agents.isEmpty() || obsSize < (image == null ? 1 : 0) || actions < 2) {
            throw new IllegalArgumentException(
                    ("AgentGroup: name=%s, agents=%s, obsSize=%d, actions=%d, image=%s, expected at least"
                                    + " 1 agent, obsSize >= 1 or an image, actions >= 2")
                            .formatted(name, agents, obsSize, actions, image));
        }
    }

    /** A group whose agents see no image. */
    public AgentGroup(
            final String name, final List<String> agents, final int obsSize, final int actions) {
        this(name, agents, obsSize, actions, null);
    }

    /** {@return bytes of one image; 0 without} */
    public int imageSize() {
        return image == null ? 0 : image.size();
    }
}
