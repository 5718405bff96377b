package greenwave.engine.dqn;

import greenwave.engine.io.CheckpointFolder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where and how often a {@link Trainer} saves its run. A checkpoint holds everything that the rest of the run depends on:
 * another process that resumes it makes the same policy to the last bit.
 */
public final class Checkpoints {
    private final Path folder;
    private int every = 10;
    private int keep = 2;
    private boolean replay = true;
    private Supplier<Map<String, String>> notes = Map::of;
    private Runnable onSaved = () -> {};

    private Checkpoints(final Path folder) {
        this.folder = folder;
    }

    /** Starts with a folder of checkpoints, which need not be there yet. */
    public static Checkpoints in(final Path folder) {
        return new Checkpoints(folder);
    }

    /** Sets how many episodes end between two checkpoints, over all worlds; 10 if never called; positive. */
    public Checkpoints every(final int episodes) {
        this.every = requirePositive("every", episodes);
        return this;
    }

    /** Sets how many checkpoints stay, 2 if never called; positive. */
    public Checkpoints keep(final int checkpoints) {
        this.keep = requirePositive("keep", checkpoints);
        return this;
    }

    /** Sets whether replays are saved, too. Without, a resumed run fills them anew, and goes another way. */
    public Checkpoints withReplay(final boolean saved) {
        this.replay = saved;
        return this;
    }

    /** Sets what the caller wants back from {@link SavedRun#notes}; asked on the training thread before each checkpoint. */
    public Checkpoints notes(final Supplier<Map<String, String>> supplier) {
        this.notes = supplier;
        return this;
    }

    /** Sets what hears of each checkpoint that has been written, on the training thread. */
    public Checkpoints onSaved(final Runnable listener) {
        this.onSaved = listener;
        return this;
    }

    private static int requirePositive(final String name, final int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "Checkpoints: %s=%d, expected >= 1".formatted(name, value));
        }
        return value;
    }

    /**
     * {@return the newest checkpoint that is whole; empty if there has never been any} For each newer one that is damaged, a
     * warning is logged.
     *
     * @throws IOException if there are checkpoints, and none is whole
     */
    public Optional<SavedRun> newest() throws IOException {
        final Optional<Path> newest = files().newest();
        return newest.isPresent() ? Optional.of(new SavedRun(newest.get())) : Optional.empty();
    }

    int every() {
        return every;
    }

    boolean withReplay() {
        return replay;
    }

    Map<String, String> notes() {
        return notes.get();
    }

    /**
     * Writes a checkpoint, which decisions number.
     *
     * @throws IOException if it cannot be written; those before it are there
     * @throws DivergedException if what is learned is not finite; those before it are there
     */
    void save(final RunState state, final LearnerState tensors, final List<Learner> learners)
            throws IOException {
        learners.forEach(Learner::requireFinite);
        files().write(state.envSteps(), folder -> SavedRun.write(folder, state, tensors, learners));
        onSaved.run();
    }

    private CheckpointFolder files() {
        return new CheckpointFolder(folder, keep);
    }
}
