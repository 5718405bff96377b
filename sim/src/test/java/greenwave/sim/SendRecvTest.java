package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.StepBatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Worlds that are sent to and received from do what they do in lock-step. */
class SendRecvTest {
    private static final int WORLDS = 3;
    private static final int DECISIONS = 26; // episodes end in between

    /** What each world saw, decision by decision: observation and reward bits. */
    private final List<List<Integer>> seen = new ArrayList<>();

    private SumoVecEnv open(final Transport transport) {
        seen.clear();
        for (int world = 0; world < WORLDS; world++) {
            seen.add(new ArrayList<>());
        }
        return SumoVecEnv.builder(Configs.cross(105)).worlds(WORLDS).transport(transport).open();
    }

    private void note(final SumoVecEnv env, final StepBatch batch, final int world) {
        final int size = env.spec().onlyGroup().obsSize();
        final MemorySegment obs = batch.groups().getFirst().obs();
        for (int i = 0; i < size; i++) {
            seen.get(world).add(obs.getAtIndex(ValueLayout.JAVA_INT, (long) world * size + i));
        }
        seen.get(world)
                .add(batch.groups().getFirst().reward().getAtIndex(ValueLayout.JAVA_INT, world));
    }

    private static int action(final SumoVecEnv env, final int world, final int decision) {
        return (decision / (2 + world)) % env.spec().onlyGroup().actions();
    }

    /** {@return what worlds see in lock-step over the wire} */
    private List<List<Integer>> lockStep() {
        try (SumoVecEnv env = open(Transport.WIRE)) {
            env.reset(4);
            final int[][] actions = new int[1][WORLDS];
            for (int k = 0; k < DECISIONS; k++) {
                for (int world = 0; world < WORLDS; world++) {
                    actions[0][world] = action(env, world, k);
                }
                final StepBatch batch = env.step(actions);
                for (int world = 0; world < WORLDS; world++) {
                    note(env, batch, world);
                }
            }
        }
        return seen.stream().map(List::copyOf).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIBTRACI", "WIRE"})
    void worldsThatComeBackOneByOneDoTheSame(final Transport transport) {
        final List<List<Integer>> expected = lockStep();
        try (SumoVecEnv env = open(transport)) {
            env.reset(4);
            final int[][] actions = new int[1][WORLDS];
            final int[] taken = new int[WORLDS];
            for (int world = 0; world < WORLDS; world++) {
                actions[0][world] = action(env, world, 0);
            }
            env.send(actions);
            int left = WORLDS;
            while (left > 0) {
                final AsyncVecEnv.Arrival arrival = env.recv(1);
                assertTrue(arrival.worlds().length > 0);
                int again = 0;
                final int[] next = new int[WORLDS];
                for (final int world : arrival.worlds()) {
                    note(env, arrival.batch(), world);
                    taken[world]++;
                    if (taken[world] < DECISIONS) {
                        actions[0][world] = action(env, world, taken[world]);
                        next[again++] = world;
                    } else {
                        left--;
                    }
                }
                env.send(actions, next, again);
            }
            assertArrayEquals(fill(DECISIONS), taken);
        }
        assertEquals(expected, seen);
    }

    private static int[] fill(final int value) {
        final int[] all = new int[WORLDS];
        Arrays.fill(all, value);
        return all;
    }

    @Test
    void refusesWhatIsOutOfTurn() {
        try (SumoVecEnv env = open(Transport.AUTO)) {
            final int[][] stay = new int[1][WORLDS];
            assertThrows(IllegalStateException.class, () -> env.send(stay));
            env.reset(1);
            assertThrows(IllegalStateException.class, env::recv);
            assertThrows(IllegalArgumentException.class, () -> env.send(stay, new int[] {1, 1}, 2));
            assertThrows(IllegalArgumentException.class, () -> env.send(stay, new int[] {3}, 1));
            env.send(stay, new int[] {0, 2}, 2);
            assertEquals(
                    "SumoVecEnv.step: world=0 is under way, expected recv first",
                    assertThrows(IllegalStateException.class, () -> env.step(stay)).getMessage());
            assertEquals(
                    "SumoVecEnv.recv: least=3, expected [1, 2]: so many are under way",
                    assertThrows(IllegalArgumentException.class, () -> env.recv(3)).getMessage());
            assertArrayEquals(new int[] {0, 2}, env.recv(2).worlds());
            env.step(stay);
            env.send(stay); // closing waits for nothing but ends it all
        }
    }
}
