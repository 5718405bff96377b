package greenwave.engine.dqn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.FaultyFiles;
import greenwave.engine.FaultyFiles.Fault;
import greenwave.engine.Segments;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.PrioritizedReplay;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whatever fails while a checkpoint is written, the one before it or the new one can be loaded. */
class CheckpointFaultsTest {
    private static final int ENOUGH = 1000; // operations of one checkpoint are far fewer

    @TempDir private Path folder;
    private final Run run = new Run();
    private Path template; // with checkpoint `old`
    private RunState old;
    private byte[] oldWeights;
    private RunState state;
    private byte[] weights;

    /** A run in a process of its own. */
    private static final class Run implements AutoCloseable {
        final Engine engine = Engine.open(EngineConfig.builder().backend("cpu").build());
        final CorridorEnv env = new CorridorEnv(2);
        final Learner learner;
        final Actor actor;

        Run() {
            final QNet net =
                    QNet.builder(engine)
                            .input(CorridorEnv.CELLS)
                            .linear(8)
                            .relu()
                            .actions(CorridorEnv.ACTIONS)
                            .build();
            final var replay =
                    PrioritizedReplay.builder(engine, CorridorEnv.GROUP).capacity(64).build();
            learner = Learner.builder(net, replay).batch(8).learningRate(1e-2).build();
            actor = new Actor(learner, CorridorEnv.GROUP, 2, false);
        }

        LearnerState tensors() {
            return new LearnerState().add("0.", actor.state());
        }

        byte[] weights() {
            return Segments.bytes(learner.net().parameters().values());
        }

        @Override
        public void close() {
            actor.close();
            env.close();
            engine.close();
        }
    }

    @BeforeEach
    void train() throws IOException {
        template = folder.resolve("template");
        final Trainer trainer =
                Trainer.of(run.env, run.learner).checkpoints(Checkpoints.in(template));
        trainer.run(StopWhen.envSteps(30));
        old = Checkpoints.in(template).newest().orElseThrow().state();
        oldWeights = run.weights();
        final Path later = folder.resolve("later");
        trainer.checkpoints(Checkpoints.in(later)).run(StopWhen.envSteps(60));
        state = Checkpoints.in(later).newest().orElseThrow().state();
        weights = run.weights();
    }

    @AfterEach
    void close() {
        run.close();
    }

    @ParameterizedTest
    @CsvSource({"DISK_FULL, 2", "SHORT_WRITE, 2", "FAILS_ONCE, 1", "CRASH, 2", "CRASH, 1"})
    void theOldOneOrTheNewOneIsThere(final Fault fault, final int keep) throws IOException {
        try (Run other = new Run()) {
            int failing = 0;
            boolean failed = true;
            while (failed) {
                final Path checkpoints = copyOfTemplate(fault + "-" + keep + "-" + failing);
                final FaultyFiles files = new FaultyFiles(fault, failing);
                final boolean written = save(files.wrap(checkpoints), keep);
                failed = files.hasFailed();
                assertTrue(written || failed);
                assertLoads(checkpoints, written, other);
                assertTrue(
                        save(new FaultyFiles().wrap(checkpoints), keep), "once the fault is gone");
                assertLoads(checkpoints, true, other);
                assertNoLeftovers(checkpoints, keep);
                failing++;
                assertTrue(failing < ENOUGH);
            }
            assertTrue(failing > 30, "operations=" + failing);
        }
    }

    private Path copyOfTemplate(final String name) throws IOException {
        final Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(template)) {
            for (final Path file : files.toList()) {
                Files.copy(file, copy.resolve(template.relativize(file)));
            }
        }
        return copy;
    }

    private boolean save(final Path checkpoints, final int keep) {
        try {
            Checkpoints.in(checkpoints).keep(keep).save(state, run.tensors(), List.of(run.learner));
            return true;
        } catch (final IOException | UncheckedIOException e) {
            return false;
        }
    }

    private void assertLoads(final Path checkpoints, final boolean written, final Run other)
            throws IOException {
        final SavedRun saved = Checkpoints.in(checkpoints).newest().orElseThrow();
        final boolean isNew = saved.envSteps() == state.envSteps();
        assertTrue(isNew || !written && saved.envSteps() == old.envSteps(), saved.toString());
        saved.restore(other.tensors(), List.of(other.learner));
        assertArrayEquals(isNew ? weights : oldWeights, other.weights());
    }

    private static void assertNoLeftovers(final Path checkpoints, final int keep)
            throws IOException {
        try (Stream<Path> files = Files.list(checkpoints)) {
            final List<String> names = files.map(f -> f.getFileName().toString()).toList();
            assertEquals(keep, names.size(), names::toString);
            assertFalse(names.stream().anyMatch(name -> name.startsWith(".")), names::toString);
        }
    }

    @Test
    void whereNoneIsYetTheFirstIsThereOrNone() throws IOException {
        boolean failed = true;
        for (int failing = 0; failed; failing++) {
            final Path checkpoints = folder.resolve("none-" + failing).resolve("checkpoints");
            Files.createDirectory(checkpoints.getParent());
            final FaultyFiles files = new FaultyFiles(Fault.CRASH, failing);
            final boolean written = save(files.wrap(checkpoints), 2);
            failed = files.hasFailed();
            final var newest = Checkpoints.in(checkpoints).newest();
            assertTrue(newest.isPresent() || !written);
            newest.ifPresent(saved -> assertEquals(state.envSteps(), saved.envSteps()));
        }
    }
}
