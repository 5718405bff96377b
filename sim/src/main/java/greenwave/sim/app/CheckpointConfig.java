package greenwave.sim.app;

import greenwave.engine.dqn.Checkpoints;
import greenwave.engine.dqn.SavedRun;
import greenwave.engine.dqn.Trainer;

import java.io.IOException;
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

    /**
     * Lets {@code trainer} save itself in the folder of {@code run}, and go on from {@code saved}.
     *
     * @param scenario SHA-256 by file name: what the run can only be resumed with
     * @param hint hears that there is a checkpoint
     * @throws IllegalArgumentException if {@code saved} began with another scenario
     */
    void attach(
            final Trainer trainer,
            final RunDirectory run,
            final Map<String, String> scenario,
            final Optional<SavedRun> saved,
            final ResumeHint hint)
            throws IOException {
        final RunNotes notes = new RunNotes(scenario, run.progress());
        if (saved.isPresent()) {
            notes.requireSameScenario(run.folder(), saved.get());
            trainer.resume(saved.get());
            hint.saved();
        }
        if (every > 0) {
            trainer.checkpoints(
                    Checkpoints.in(RunDirectory.checkpoints(run.folder()))
                            .every(every)
                            .keep(keep)
                            .withReplay(replay)
                            .notes(notes)
                            .onSaved(hint::saved));
        }
    }
}
