package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.SignalReadings;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What decisions earn on simulated traffic. */
class RewardTest {
    private static final List<Supplier<Reward>> PARTS =
            Stream.of("diff-waiting-time", "queue", "pressure", "average-speed", "co2")
                    .map(Reward::named)
                    .toList();
    private static final List<Double> WEIGHTS = List.of(2.0, 0.5, -1.0, 3.0, 1e-4);

    private interface Check {
        void of(SignalReadings now, double paid, List<Double> parts);
    }

    private static void play(final Supplier<Reward> reward, final Check check) {
        final List<Reward> parts = PARTS.stream().map(Supplier::get).toList();
        final WorldListener listener =
                new WorldListener() {
                    @Override
                    public Set<Reading> readings() {
                        return EnumSet.complementOf(EnumSet.of(Reading.VEHICLES));
                    }

                    @Override
                    public void onStart(final WorldView now) {}

                    @Override
                    public void onDecision(final WorldView now) {
                        final SignalReadings signal = now.signals().getFirst();
                        check.of(
                                signal,
                                now.rewards().getFirst(),
                                parts.stream().map(part -> part.of(signal)).toList());
                    }
                };
        try (SumoVecEnv env =
                SumoVecEnv.builder(Configs.cross(200))
                        .reward(reward)
                        .listener(_ -> listener)
                        .open()) {
            env.reset(2);
            for (int k = 0; k < 39; k++) {
                env.step(new int[][] {{k / 6 % 2}});
            }
        }
    }

    @Test
    void weightsWeigh() {
        play(
                Reward.weighted(PARTS, WEIGHTS, Compat.NONE),
                (now, paid, parts) -> {
                    double sum = 0;
                    for (int i = 0; i < parts.size(); i++) {
                        sum += WEIGHTS.get(i) * parts.get(i);
                    }
                    assertEquals(sum, paid, 1e-12);
                });
    }

    @Test
    void toSumoRlTheyDoNot() {
        play(
                Reward.weighted(PARTS, WEIGHTS, Compat.SUMO_RL),
                (now, paid, parts) -> assertEquals(parts.getFirst(), paid));
    }

    @Test
    void emissionsCountOnTheIncomingLanes() {
        final double[] most = new double[1];
        play(
                Reward.named("co2"),
                (now, paid, parts) -> {
                    int vehicles = 0;
                    for (int lane = 0; lane < now.signal().lanes().size(); lane++) {
                        vehicles += now.vehicles(lane);
                        assertTrue(now.vehicles(lane) > 0 || now.lane(lane).co2() == 0);
                    }
                    assertEquals(-now.totalCo2(), paid);
                    assertEquals(paid, parts.getLast());
                    most[0] = Math.max(most[0], vehicles == 0 ? 0 : -paid / vehicles);
                });
        assertTrue(most[0] > 500 && most[0] < 30_000, "mg/s per vehicle: " + most[0]);
    }

    @Test
    void refusesWeightsThatDoNotFit() {
        assertEquals(
                "reward: rewards=5, weights=[1.0], expected a finite weight for each of at least one reward",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Reward.weighted(PARTS, List.of(1.0), Compat.NONE))
                        .getMessage());
    }
}
