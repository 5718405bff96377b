package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Checkpoints;
import greenwave.engine.dqn.DivergedException;
import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.SavedRun;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.Adam;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.optim.RmsProp;
import greenwave.engine.optim.Sgd;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A run that is resumed goes on as the one that was never stopped, to the last bit. */
class ResumedTrainingTest {
    private static final int EPISODES = 40;

    @TempDir private Path folder;

    /** What is trained how. */
    private record Setting(int worlds, boolean prioritized, String optimizer) {
        Replay replay(final Engine engine, final AgentGroup group) {
            return prioritized
                    ? PrioritizedReplay.builder(engine, group)
                            .capacity(300)
                            .nStep(3, 0.9f)
                            .weightsByGlobalMax()
                            .build()
                    : UniformReplay.builder(engine, group).capacity(300).build();
        }

        Optimizer.Maker maker() {
            return (engine, parameters) ->
                    switch (optimizer) {
                        case "adam" -> new Adam(engine, parameters, 1e-3);
                        case "rmsprop" ->
                                new RmsProp(engine, parameters, 1e-3, 0.9, 1e-6, 0.5, true, 0);
                        case "sgd" -> new Sgd(engine, parameters, 1e-3, 0.9, true, 0.01);
                        default -> throw new AssertionError(optimizer);
                    };
        }
    }

    /** A process: everything in it is made anew. */
    private final class Run implements AutoCloseable {
        final Engine engine = Engine.open(EngineConfig.builder().backend("cpu").seed(5).build());
        final CartPole env;
        final Learner learner;
        final Trainer trainer;
        final List<EpisodeReport> episodes = new ArrayList<>();

        Run(final Setting setting) {
            env = CartPole.v1(setting.worlds);
            final AgentGroup group = env.spec().onlyGroup();
            final QNet net = QNet.builder(engine).input(4).linear(16).relu().actions(2).build();
            final var builder =
                    Learner.builder(net, setting.replay(engine, group))
                            .batch(16)
                            .learningRate(RateSchedule.cosine(1e-3, 1e-4, 500));
            if (!setting.optimizer.equals("default")) {
                builder.optimizer(setting.maker());
            }
            learner = builder.build();
            trainer = Trainer.of(env, learner).updatesPerStep(0.7).onEpisode(episodes::add);
        }

        TrainReport to(final int episodes) {
            return trainer.run(StopWhen.episodes(episodes));
        }

        byte[] weights() throws IOException {
            final Path file = folder.resolve("net.safetensors");
            learner.net().save(file);
            return Files.readAllBytes(file);
        }

        @Override
        public void close() {
            env.close();
            engine.close();
        }
    }

    private Checkpoints checkpoints() {
        return Checkpoints.in(folder.resolve("checkpoints")).every(7);
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, default",
        "2, true, default",
        "3, true, adam",
        "2, false, rmsprop",
        "2, true, sgd"
    })
    void goesOnToTheLastBit(final int worlds, final boolean prioritized, final String optimizer)
            throws IOException {
        final Setting setting = new Setting(worlds, prioritized, optimizer);
        final byte[] expected;
        final List<EpisodeReport> whole;
        final TrainReport report;
        try (Run undisturbed = new Run(setting)) {
            report = undisturbed.to(EPISODES);
            expected = undisturbed.weights();
            whole = undisturbed.episodes;
        }
        try (Run stopped = new Run(setting)) {
            stopped.trainer.checkpoints(checkpoints());
            stopped.to(EPISODES / 2);
        }
        try (Run resumed = new Run(setting)) {
            final SavedRun saved = checkpoints().newest().orElseThrow();
            resumed.trainer.checkpoints(checkpoints()).resume(saved);
            final TrainReport second = resumed.to(EPISODES);
            assertArrayEquals(expected, resumed.weights());
            final int before = (int) saved.episodes();
            assertTrue(before >= EPISODES / 2 && before < EPISODES, () -> "episodes=" + before);
            assertEquals(whole.subList(before, whole.size()), resumed.episodes);
            assertEquals(report.lastEpisodes(), second.lastEpisodes());
            assertEquals(report.envSteps(), second.envSteps());
            assertEquals(report.updates(), second.updates());
        }
    }

    @Test
    void withoutTheReplayItGoesOnFromTheWeights() throws IOException {
        final Setting setting = new Setting(2, true, "default");
        final byte[] weights;
        try (Run stopped = new Run(setting)) {
            stopped.trainer.checkpoints(checkpoints().withReplay(false));
            stopped.to(20);
            weights = stopped.weights();
        }
        try (Run resumed = new Run(setting)) {
            final SavedRun saved = checkpoints().newest().orElseThrow();
            resumed.trainer.resume(saved);
            assertEquals(saved.envSteps(), resumed.to(20).envSteps());
            assertArrayEquals(weights, resumed.weights());
            assertEquals(0, resumed.learner.replay().size());
        }
        try (Run resumed = new Run(setting)) {
            resumed.trainer.resume(checkpoints().newest().orElseThrow());
            resumed.to(30);
            assertFalse(Arrays.equals(weights, resumed.weights()));
        }
    }

    @Test
    void aRunOfOtherSettingsIsRefused() throws IOException {
        try (Run stopped = new Run(new Setting(2, true, "default"))) {
            stopped.trainer.checkpoints(checkpoints());
            stopped.to(10);
        }
        final SavedRun saved = checkpoints().newest().orElseThrow();
        for (final Setting other :
                List.of(
                        new Setting(1, true, "default"),
                        new Setting(2, false, "default"),
                        new Setting(2, true, "sgd"))) {
            try (Run resumed = new Run(other)) {
                resumed.trainer.resume(saved);
                assertThrows(IllegalArgumentException.class, () -> resumed.to(20), other::toString);
            }
        }
    }

    @Test
    void whatIsNotFiniteIsNotSaved() throws IOException {
        try (Run run = new Run(new Setting(1, false, "default"))) {
            run.trainer.checkpoints(checkpoints());
            run.to(10);
            final long good = checkpoints().newest().orElseThrow().envSteps();

            final MemorySegment nan = MemorySegment.ofArray(new float[] {Float.NaN});
            run.learner.net().parameters().values().upload(0, nan, 0, 1);
            final DivergedException problem =
                    assertThrows(DivergedException.class, () -> run.to(10));
            assertTrue(problem.getMessage().contains("parameter 0.weight"), problem::getMessage);
            assertEquals(good, checkpoints().newest().orElseThrow().envSteps());
        }
    }
}
