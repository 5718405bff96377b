package greenwave.sim.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class PhaseTableTest {
    @Test
    void placesTheRoadsOfSmallSignalsWhereTheSameActionsOpenThem() {
        assertEquals(List.of(0, 1, 2, 3), PhaseTable.STANDARD.slots(4));
        assertEquals(List.of(0, 2, 3), PhaseTable.STANDARD.slots(3));
        assertEquals(List.of(0, 1), PhaseTable.STANDARD.slots(2));
        final PhaseTable ownOrder =
                new PhaseTable(Map.of(2, List.of("32", "23"), 3, List.of("32", "32", "23")));
        assertEquals(List.of(0, 1), ownOrder.slots(2), "no action opens one road of three alone");
    }

    @Test
    void opensMovementsByTheDigitOfTheirRoad() {
        final StringBuilder letters = new StringBuilder();
        for (final char letter : "rRsTtlL".toCharArray()) {
            final int direction = PhaseTable.movement(letter, false);
            letters.append(PhaseTable.STANDARD.letter(4, 0, 0, direction));
            letters.append(PhaseTable.STANDARD.letter(4, 0, 1, direction));
            letters.append(PhaseTable.STANDARD.letter(4, 0, 2, direction));
            letters.append(PhaseTable.STANDARD.letter(4, 0, 4, direction)).append(' ');
        }
        assertEquals("ggrg ggrg rGrG grrg grrg GrrG GrrG ", letters.toString());
        assertEquals(0, PhaseTable.movement('l', true), "the turn that crosses nobody");
        assertEquals(2, PhaseTable.movement('R', true));
    }

    @Test
    void refusesTablesThatAreNone() {
        refuses("phase table: numbers of roads=0, expected at least 1", Map.of());
        refuses("phase table: roads=2, rows=1, expected a row per road", Map.of(2, List.of("33")));
        refuses(
                "phase table: roads=2, row=334, expected 2 digits from 0 to 3",
                Map.of(2, List.of("33", "334")));
        refuses(
                "phase table: roads=1, row=3, expected 2 digits from 0 to 3",
                Map.of(1, List.of("3")));
    }

    private static void refuses(final String message, final Map<Integer, List<String>> rows) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> new PhaseTable(rows))
                        .getMessage());
    }
}
