package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.signal.Countdown;
import greenwave.sim.signal.CountdownController;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalReadings;

import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** SUMO-Gym's rule on simulated signals: independent lights, and all of them as one agent. */
class CountdownTest {
    /** Keeps the latest view. */
    private static final class Watcher implements WorldListener {
        private WorldView latest;

        @Override
        public Set<Reading> readings() {
            return Set.of(Reading.STATE);
        }

        @Override
        public void onStart(final WorldView now) {
            latest = now;
        }

        @Override
        public void onDecision(final WorldView now) {
            latest = now;
        }
    }

    @Test
    void lightsCountDownIndependentlyAndTheMaskSaysSo() {
        final Countdown rule = new Countdown(1, 3, 2, false);
        final Watcher watcher = new Watcher();
        try (SumoVecEnv env =
                SumoVecEnv.builder(Configs.grid(200)).timing(rule).listener(_ -> watcher).open()) {
            final MultiDiscrete all = new MultiDiscrete(env);
            assertEquals(List.of(2, 2, 2, 2), all.sizes());
            final SplittableRandom random = new SplittableRandom(3);
            final int[][] actions = {new int[4]};
            final int[] mask = new int[4];
            final int[] green = new int[4];
            StepBatch batch = env.reset(1);
            for (int second = 0; second < 199; second++) {
                final int[] before = green.clone();
                final int[] choice = new int[4];
                for (int light = 0; light < 4; light++) {
                    choice[light] = random.nextInt(12) == 0 ? 1 - green[light] : green[light];
                    if (mask[light] == 0 && choice[light] != green[light]) {
                        green[light] = choice[light];
                        mask[light] = -5;
                    }
                }
                all.write(0, choice, actions);
                batch = env.step(actions);
                final GroupBatch rows = batch.groups().getFirst();
                for (int light = 0; light < 4; light++) {
                    final SignalReadings now = watcher.latest.signals().get(light);
                    final CountdownController state = (CountdownController) now.controller();
                    final boolean yellow = mask[light] < -2; // in the second just simulated
                    final Signal signal = now.signal();
                    assertEquals(
                            yellow
                                    ? signal.yellow(1 - green[light], green[light])
                                    : signal.greens().get(green[light]),
                            now.state(),
                            "second " + second + ", before " + before[light]);
                    mask[light] = Math.min(0, mask[light] + 1);
                    assertEquals(mask[light], state.mask());
                    assertEquals(green[light], state.green());
                    for (int action = 0; action < 2; action++) {
                        assertEquals(
                                mask[light] == 0 || action == green[light] ? 1 : 0,
                                rows.legal().get(ValueLayout.JAVA_BYTE, 2L * light + action));
                    }
                }
            }
        }
    }

    @Test
    void aPointOfTheBoxIsRoundedDownAndBroughtIntoRange() {
        try (SumoVecEnv env = SumoVecEnv.open(Configs.grid(20), 2)) {
            final MultiDiscrete all = new MultiDiscrete(env);
            assertArrayEquals(
                    new int[] {0, 1, 0, 1}, all.ofBox(new double[] {-3.2, 1.99, 0.99, 2}));
            assertArrayEquals(
                    new int[] {0, 1, 0, 0},
                    all.ofBox(new double[] {Double.NaN, 1e300, -0.0, Double.NEGATIVE_INFINITY}));
            final int[][] actions = {new int[8]};
            all.write(1, new int[] {1, 0, 1, SumoVecEnv.NONE}, actions);
            assertArrayEquals(new int[] {0, 0, 0, 0, 1, 0, 1, -1}, actions[0]);
            assertEquals(
                    "MultiDiscrete: numbers=3, expected 4, one per signal",
                    assertThrows(IllegalArgumentException.class, () -> all.ofBox(new double[3]))
                            .getMessage());
        }
    }

    @Test
    void refusesTimesThatAreNone() {
        assertEquals(
                "countdown: delta_time=0 s, yellow_time=2 s, locked_green=0 s, expected delta_time >= 1, yellow_time >= 1, locked_green >= 0",
                assertThrows(IllegalArgumentException.class, () -> new Countdown(0, 2, 0, false))
                        .getMessage());
    }
}
