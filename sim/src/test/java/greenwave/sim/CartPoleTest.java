package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class CartPoleTest {
    private static final String ACTIONS = "001011110010110110010000101001";

    /** Numbers of Gymnasium 1.3.0, {@code CartPole-v1}, from the state below. */
    @Test
    void movesAsGymnasiumDoes() {
        final double[] state = {0.01, -0.02, 0.03, 0.04};
        final double[][] known = new double[ACTIONS.length() + 1][];
        known[1] =
                new double[] {
                    0.009600000000000001,
                    -0.21553901710278936,
                    0.030799999999999998,
                    0.34199522377603914
                };
        known[10] =
                new double[] {
                    -0.006323395971691426,
                    -0.028440314875920414,
                    0.06916474328133913,
                    0.22666452564359635
                };
        known[20] =
                new double[] {
                    0.03776202747141716,
                    0.35161160675597614,
                    0.05939836087417947,
                    -0.1346484258584485
                };
        known[30] =
                new double[] {
                    -0.0060064630368988695,
                    -0.44255314561195125,
                    0.22389627250870653,
                    1.368325175320505
                };
        for (int step = 1; step <= ACTIONS.length(); step++) {
            assertFalse(CartPole.isOver(state));
            CartPole.advance(state, ACTIONS.charAt(step - 1) == '1');
            if (known[step] != null) {
                assertArrayEquals(known[step], state, 1e-15, "step " + step);
            }
        }
        assertTrue(CartPole.isOver(state), "the pole is at 12.8 degrees");
    }

    @Test
    void endsWhereGymnasiumDoes() {
        assertFalse(CartPole.isOver(new double[] {2.4, 9, 0.20943951023931953, 9}));
        assertTrue(CartPole.isOver(new double[] {Math.nextUp(2.4), 0, 0, 0}));
        assertTrue(CartPole.isOver(new double[] {Math.nextDown(-2.4), 0, 0, 0}));
        assertTrue(CartPole.isOver(new double[] {0, 0, Math.nextUp(0.20943951023931953), 0}));
        assertTrue(CartPole.isOver(new double[] {0, 0, Math.nextDown(-0.20943951023931953), 0}));
    }

    private static float number(final MemorySegment column, final int place) {
        return column.getAtIndex(ValueLayout.JAVA_FLOAT, place);
    }

    /** Pushes against the fall: keeps the pole up for long. */
    private static int balance(final GroupBatch batch, final int world) {
        final MemorySegment obs = batch.obs();
        return number(obs, 4 * world + 2)
                                + 0.4f * number(obs, 4 * world + 3)
                                + 0.1f * number(obs, 4 * world + 1)
                                + 0.05f * number(obs, 4 * world)
                        > 0
                ? 1
                : 0;
    }

    @Test
    void isCutOffAfterItsMostSteps() {
        for (final int most : new int[] {200, 500}) {
            try (CartPole env = most == 200 ? CartPole.v0(1) : CartPole.v1(1)) {
                StepBatch batch = env.reset(5);
                int steps = 0;
                while (batch.ended().isEmpty()) {
                    batch = env.step(new int[][] {{balance(batch.groups().getFirst(), 0)}});
                    steps++;
                }
                final GroupBatch rows = batch.groups().getFirst();
                assertEquals(most, steps);
                assertEquals(1, rows.truncated().get(ValueLayout.JAVA_BYTE, 0));
                assertEquals(0, rows.terminated().get(ValueLayout.JAVA_BYTE, 0));
                assertEquals(most, batch.ended().getFirst().totalReward());
                assertTrue(Math.abs(number(rows.obs(), 0)) < 0.05f, "the next episode's start");
            }
        }
    }

    @Test
    void endsInATerminalStateAndBeginsAnew() {
        try (CartPole env = CartPole.v1(3);
                CartPole again = CartPole.v1(3)) {
            StepBatch batch = env.reset(1);
            again.reset(1);
            final GroupBatch rows = batch.groups().getFirst();
            for (int i = 0; i < 12; i++) {
                assertTrue(Math.abs(number(rows.obs(), i)) < 0.05f);
            }
            assertTrue(number(rows.obs(), 0) != number(rows.obs(), 4), "each world has its own");
            int ended = 0;
            for (int step = 0; step < 60; step++) {
                batch = env.step(new int[][] {{1, 1, 0}});
                final GroupBatch twin = again.step(new int[][] {{1, 1, 0}}).groups().getFirst();
                assertEquals(-1, rows.obs().mismatch(twin.obs()), "a seed fixes all");
                assertEquals(1, number(rows.reward(), 0));
                for (final EpisodeEnd end : batch.ended()) {
                    ended++;
                    assertEquals(1, rows.terminated().get(ValueLayout.JAVA_BYTE, end.world()));
                    assertTrue(Math.abs(number(rows.finalObs(), 4 * end.world() + 2)) > 0.2094395f);
                    assertTrue(Math.abs(number(rows.obs(), 4 * end.world() + 2)) < 0.05f);
                    assertTrue(end.decisions() >= 8 && end.decisions() <= 12, end.toString());
                }
            }
            assertTrue(ended > 12, "episodes: " + ended);
        }
    }

    @Test
    void showsWhatHasMovedAroundTheCart() {
        final CartPoleScreen screen = new CartPoleScreen();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment image = arena.allocate(CartPoleScreen.SIZE.size());
            screen.begin(new double[4]);
            screen.paint(image);
            for (int i = 0; i < image.byteSize(); i++) {
                assertEquals(128, image.get(ValueLayout.JAVA_BYTE, i) & 0xff);
            }
            screen.show(new double[] {0.5, 0, 0.1, 0});
            screen.paint(image);
            assertBlue(image, 6, 43, BLUE_OF_THE_POLE);
            screen.show(new double[] {-1.5, 0, -0.15, 0});
            screen.paint(image);
            assertBlue(image, 33, 20, BLUE_OF_THE_CART);
        }
    }

    /** What Gymnasium 1.3.0 draws, cropped and averaged by numpy, in places where edges are sharp. */
    private static final int[] BLUE_OF_THE_POLE = {147, 205, 205, 122, 51, 51, 109};

    private static final int[] BLUE_OF_THE_CART = {
        128, 96, 0, 0, 0, 0, 21, 102, 102, 59, 0, 0, 0, 0, 64, 128, 128, 128, 160, 255, 255, 255,
        255, 233, 154, 154, 210, 255
    };

    /** Edges may be one screen pixel off. */
    private static void assertBlue(
            final MemorySegment image, final int row, final int column, final int[] expected) {
        for (int i = 0; i < expected.length; i++) {
            final long place = 2L * 40 * 90 + row * 90 + column + i;
            assertEquals(
                    expected[i],
                    image.get(ValueLayout.JAVA_BYTE, place) & 0xff,
                    34,
                    "row " + row + ", column " + (column + i));
        }
    }

    @Test
    void seesPixelsAsABatch() {
        try (CartPole env = CartPole.pixels(2)) {
            assertEquals(CartPoleScreen.SIZE, env.spec().onlyGroup().image());
            final GroupBatch rows = env.reset(3).groups().getFirst();
            assertEquals(2L * 3 * 40 * 90, rows.image().byteSize());
            StepBatch batch = env.step(new int[][] {{1, 0}});
            while (batch.ended().isEmpty()) {
                batch = env.step(new int[][] {{1, 0}});
            }
            final long bytes = 3L * 40 * 90;
            final int world = batch.ended().getFirst().world();
            final MemorySegment last = rows.finalImage().asSlice(world * bytes, bytes);
            assertTrue(last.toArray(ValueLayout.JAVA_BYTE)[0] == (byte) 128, "the sky stays");
            boolean moved = false;
            for (int i = 0; i < bytes; i++) {
                moved |= last.get(ValueLayout.JAVA_BYTE, i) != (byte) 128;
                assertEquals(
                        (byte) 128,
                        rows.image().get(ValueLayout.JAVA_BYTE, world * bytes + i),
                        "a new episode begins at rest");
            }
            assertTrue(moved);
        }
    }

    @Test
    void refusesWhatIsNoAction() {
        final CartPole env = CartPole.v1(1);
        assertEquals(
                "CartPole.step: before reset, expected after",
                assertThrows(IllegalStateException.class, () -> env.step(new int[][] {{0}}))
                        .getMessage());
        env.reset(1);
        assertEquals(
                "CartPole.step: world=0, action=2, expected 0 or 1",
                assertThrows(IllegalArgumentException.class, () -> env.step(new int[][] {{2}}))
                        .getMessage());
        assertEquals(
                "CartPole.step: groups of actions=1, actions=2, expected 1, 1",
                assertThrows(IllegalArgumentException.class, () -> env.step(new int[][] {{1, 1}}))
                        .getMessage());
        env.close();
        assertEquals(
                "CartPole.step: closed",
                assertThrows(IllegalStateException.class, () -> env.step(new int[][] {{1}}))
                        .getMessage());
    }
}
