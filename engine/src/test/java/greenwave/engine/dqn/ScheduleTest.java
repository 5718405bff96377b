package greenwave.engine.dqn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void exponentialDecaysAsTheTutorialHasIt() {
        final Schedule epsilon = Schedule.exponential(0.9, 0.05, 1000);
        assertEquals(0.9, epsilon.at(0));
        assertEquals(0.05 + 0.85 * Math.exp(-1), epsilon.at(1000), 1e-15);
        assertEquals(0.05, epsilon.at(1_000_000), 1e-15);
    }

    @Test
    void linearReachesItsEndAndStaysThere() {
        final Schedule epsilon = Schedule.linear(1, 0.2, 400);
        assertEquals(1, epsilon.at(0));
        assertEquals(0.8, epsilon.at(100), 1e-15);
        assertEquals(0.2, epsilon.at(400), 1e-15);
        assertEquals(0.2, epsilon.at(4000), 1e-15);
    }

    @Test
    void senselessValuesAreRefused() {
        assertEquals(
                "Schedule.linear: steps=0, expected >= 1", refusal(() -> Schedule.linear(1, 0, 0)));
        assertEquals(
                "Schedule.exponential: decay=0.0, expected > 0",
                refusal(() -> Schedule.exponential(1, 0, 0)));
        assertEquals(
                "StopWhen: envSteps=0, episodes=9223372036854775807, expected both >= 1",
                refusal(() -> StopWhen.envSteps(0)));
    }

    @Test
    void stopsAtTheFirstLimit() {
        final StopWhen stop = new StopWhen(100, 4);
        assertFalse(stop.reached(99, 3));
        assertTrue(stop.reached(100, 0));
        assertTrue(stop.reached(7, 4));
        assertEquals(0.75, stop.fraction(50, 3));
        assertEquals(1, stop.fraction(500, 3));
    }

    private static String refusal(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
