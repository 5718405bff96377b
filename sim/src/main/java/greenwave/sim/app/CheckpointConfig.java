package greenwave.sim.app;

import greenwave.engine.dqn.Checkpoints;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a run is saved, so that it can be resumed. Nothing here changes what is learned.
 *
 * @param every episodes from one checkpoint to the next, over all worlds; 0 saves none
 * @param keep how many stay
 * @param replay whether what the networks remember is saved, too: without, a resumed run learns something else
 */
record CheckpointConfig(int every, int keep, boolean replay) {
    private static final Map<String, Object> DEFAULTS =
            Map.of("checkpoint_every", 10, "keep_checkpoints", 2, "checkpoint_replay", true);

    /** The keys of a configuration file. */
    static final Set<String> KEYS = DEFAULTS.keySet();

    /** Puts the defaults of every key. */
    static void putDefaults(final Map<String, Object> defaults) {
        KEYS.stream().sorted().forEach(key -> defaults.put(key, DEFAULTS.get(key)));
    }

    /** Reads and checks {@code values}. */
    static CheckpointConfig of(final ConfigValues values) {
        return new CheckpointConfig(
                (int) values.integer("checkpoint_every", 0, 1_000_000),
                (int) values.integer("keep_checkpoints", 1, 1000),
                values.flag("checkpoint_replay"));
    }

    /** {@return checkpoints in {@code folder}; empty if none are saved} */
    Optional<Checkpoints> in(final Path folder) {
        return every == 0
                ? Optional.empty()
                : Optional.of(Checkpoints.in(folder).every(every).keep(keep).withReplay(replay));
    }
}
