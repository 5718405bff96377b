package greenwave.sim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the traffic of each episode: routes of its own, flows by time of day, whatever SUMO reads. The same
 * seed must give the same files. Any thread.
 */
@FunctionalInterface
public interface Demand {
    /**
     * Writes the traffic of one episode.
     *
     * @param folder a folder of the world, where earlier files may be overwritten
     * @param seed the episode's SUMO seed
     * @return route files, in loading order; they take the place of the scenario's own
     */
    List<Path> write(Path folder, int seed) throws IOException;
}
