package greenwave.engine.dqn;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import greenwave.engine.io.CheckedTensors;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.StoredReplay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A training run as a checkpoint holds it: {@code state.json}, the counters; {@code tensors.safetensors}, weights, targets and
 * moments; and {@code replay-N.snapshot}, what learner N remembers. Made by {@link Checkpoints}, used by {@link
 * Trainer#resume}.
 */
public final class SavedRun {
    static final String FORMAT = "greenwave-checkpoint-1";

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();
    private static final String STATE = "state.json";
    private static final String TENSORS = "tensors.safetensors";
    private static final String REPLAY = "replay-%d.snapshot";

    private final Path folder;
    private final RunState state;

    /** Reads the counters; the rest when a run resumes. */
    SavedRun(final Path folder) throws IOException {
        this.folder = folder;
        final Path file = folder.resolve(STATE);
        this.state = JSON.readValue(Files.readAllBytes(file), RunState.class);
        if (!FORMAT.equals(state.format())) {
            throw new IOException(
                    "%s: format=%s, expected %s".formatted(file, state.format(), FORMAT));
        }
    }

    /** Writes into {@code folder}; replays only if the state has what belongs to them. */
    static void write(
            final Path folder,
            final RunState state,
            final LearnerState tensors,
            final List<Learner> learners)
            throws IOException {
        Files.write(folder.resolve(STATE), JSON.writeValueAsBytes(state));
        CheckedTensors.write(folder.resolve(TENSORS), tensors.save());
        for (int i = 0; state.memories() != null && i < learners.size(); i++) {
            stored(learners.get(i)).save(folder.resolve(REPLAY.formatted(i)));
        }
    }

    private static StoredReplay stored(final Learner learner) {
        final Replay replay = learner.replay();
        if (replay instanceof final StoredReplay stored) {
            return stored;
        }
        throw new IllegalStateException(
                "checkpoint: replay=%s cannot be saved, expected a StoredReplay or withReplay(false)"
                        .formatted(replay.getClass().getName()));
    }

    /**
     * Lets {@code learners}, and what {@code tensors} has collected, be as they were saved.
     *
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if they are of other settings
     */
    void restore(final LearnerState tensors, final List<Learner> learners) throws IOException {
        if (learners.size() != state.updates().size()) {
            throw new IllegalArgumentException(
                    "resume: learners=%d, the checkpoint has %d"
                            .formatted(learners.size(), state.updates().size()));
        }
        tensors.restore(CheckedTensors.read(folder.resolve(TENSORS)));
        for (int i = 0; i < learners.size(); i++) {
            learners.get(i).restoreUpdates(state.updates().get(i));
            if (state.memories() != null) {
                stored(learners.get(i)).load(folder.resolve(REPLAY.formatted(i)));
            }
        }
    }

    RunState state() {
        return state;
    }

    /** {@return decisions so far, over all worlds} */
    public long envSteps() {
        return state.envSteps();
    }

    /** {@return episodes that had ended, over all worlds} */
    public long episodes() {
        return state.episodes();
    }

    /** {@return what the caller noted in {@link Checkpoints#notes}} */
    public Map<String, String> notes() {
        return state.notes();
    }
}
