package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.signal.ApproachObservation;
import greenwave.sim.signal.Reward;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The returns that C51 tells apart. */
class ReturnRangeTest {
    private static HeadConfig head(final Object... settings) {
        final ConfigValues values = TrainConfig.defaultValues();
        values.put("distributional", "c51", "test");
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1], "test");
        }
        return TrainConfig.of(values).head();
    }

    private static void assertRange(final double least, final double most, final HeadConfig head) {
        assertEquals(least, head.vMin());
        assertEquals(most, head.vMax());
    }

    @Test
    void followsTheRewardAndTheDiscount() {
        assertRange(-100, 0, head());
        assertRange(-500, 0, head("gamma", 0.99));
        assertRange(-5, 0, head("gamma", 0));
        assertRange(-5000, 0, head("gamma", 1));
        assertRange(-50, 50, head("reward", "diff-waiting-time"));
        assertRange(0, 20, head("reward", "average-speed"));
        assertRange(
                -1 * 20,
                (0.5 * 40 + 0) * 20 + 2 * 5 * 20,
                head(
                        "reward", List.of("average-speed", "queue", "time-loss"),
                        "reward_weights", List.of(-1, -0.5, -2)));
    }

    @Test
    void aCartEarnsAtMostOneForEver() {
        assertRange(0, 100, head("scenario", "cartpole", "gamma", 0.99));
    }

    @Test
    void whatIsSaidStays() {
        assertRange(-7, 0, head("v_min", -7));
        assertRange(-100, 3, head("v_max", 3));
    }

    /** The worst that training begins with: a signal that shows one green for an hour is far beyond. */
    @Test
    void aRandomControllersReturnsAreInIt() throws Exception {
        try (Scenario cross = Scenarios.open("cross");
                SumoVecEnv env =
                        SumoVecEnv.builder(cross.sumo())
                                .observation(new ApproachObservation())
                                .reward(Reward.named("time-loss"))
                                .open();
                RandomController random = new RandomController(env.spec())) {
            final int[][] actions = {new int[1]};
            random.onEpisode(0, 1);
            StepBatch batch = env.reset(1);
            while (batch.ended().isEmpty()) {
                random.act(batch, actions);
                batch = env.step(actions);
            }
            final EpisodeEnd end = batch.ended().getFirst();
            final double mean = end.totalReward() / end.decisions();
            assertTrue(mean < -1 && 20 * mean > head().vMin(), "mean reward " + mean);
        }
    }
}
