package greenwave.sim.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which movements each action opens, for signals of any shape: for every number of incoming roads a row
 * per road, clockwise from north, with a digit per action.
 *
 * <table>
 * <caption>Letters by movement: right turn, straight on, left turn, turn back; where traffic keeps to the
 * left, right and left change places</caption>
 * <tr><td>0</td><td>left</td><td>{@code g r G g}</td></tr>
 * <tr><td>1</td><td>straight</td><td>{@code g G r r}</td></tr>
 * <tr><td>2</td><td>left and straight</td><td>{@code g G G g}</td></tr>
 * <tr><td>3</td><td>stop</td><td>{@code r r r r}</td></tr>
 * </table>
 */
public final class PhaseTable {
    /**
     * general-tls's eight phases for two to four roads. Of four roads: 0 and 1 are left and straight of
     * the first and third, 2 and 3 those of the second and fourth, 4 to 7 one road each.
     */
    public static final PhaseTable STANDARD =
            new PhaseTable(
                    Map.of(
                            4, List.of("01332333", "33013233", "01333323", "33013332"),
                            3, List.of("33332333", "33333323", "33333332"),
                            2, List.of("33332333", "33333233")));

    private static final String[] LETTERS = {"grGg", "gGrr", "gGGg", "rrrr"};

    /** Right, straight, left, back. */
    static final int MOVEMENTS = 4;

    private static final char LEFT_AND_STRAIGHT = '2';
    private static final char STOP = '3';

    private final SortedMap<Integer, List<String>> rows = new TreeMap<>();

    /**
     * A table of one's own.
     *
     * @param rows by number of incoming roads
     * @throws IllegalArgumentException unless there is a row per road, and all rows have the same number
     *     of digits 0 to 3, at least two
     */
    public PhaseTable(final Map<Integer, List<String>> rows) {
        rows.forEach((roads, table) -> this.rows.put(roads, List.copyOf(table)));
        if (this.rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "phase table: numbers of roads=0, expected at least 1");
        }
        final int actions =
                this.rows.get(this.rows.firstKey()).stream().findFirst().orElse("").length();
        this.rows.forEach((roads, table) -> check(roads, table, actions));
    }

    private static void check(final int roads, final List<String> table, final int actions) {
        if (table.size() != roads) {
            throw new IllegalArgumentException(
                    "phase table: roads=%d, rows=%d, expected a row per road"
                            .formatted(roads, table.size()));
        }
        for (final String row : table) {
            if (row.length() != actions || actions < 2 || !row.matches("[0-3]*")) {
                throw new IllegalArgumentException(
                        "phase table: roads=%d, row=%s, expected %d digits from 0 to 3"
                                .formatted(roads, row, Math.max(actions, 2)));
            }
        }
    }

    /** {@return the number of actions} */
    public int actions() {
        return rows.get(rows.firstKey()).getFirst().length();
    }

    /** {@return whether it has phases for {@code roads} incoming roads} */
    public boolean has(final int roads) {
        return rows.containsKey(roads);
    }

    /** {@return the numbers of incoming roads that it has phases for, ascending} */
    public List<Integer> sizes() {
        return List.copyOf(rows.keySet());
    }

    /** {@return whether an action opens any road} */
    boolean opens(final int roads, final int action) {
        return rows.get(roads).stream().anyMatch(row -> row.charAt(action) != STOP);
    }

    /**
     * {@return the letter of a movement}
     *
     * @param road place among the incoming roads, clockwise
     * @param movement as {@link #movement} says
     */
    char letter(final int roads, final int road, final int action, final int movement) {
        final int digit = rows.get(roads).get(road).charAt(action) - '0';
        return LETTERS[digit].charAt(movement);
    }

    /**
     * {@return 0 for right, 1 for straight, 2 for left, 3 for back} Where traffic keeps to the left, right
     * and left change places: what counts is which turn crosses the oncoming traffic.
     *
     * @param direction {@code r R s l L t T}
     */
    static int movement(final char direction, final boolean mirrored) {
        return switch (direction) {
            case 'r', 'R' -> mirrored ? 2 : 0;
            case 'l', 'L' -> mirrored ? 0 : 2;
            case 't', 'T' -> 3;
            default -> 1;
        };
    }

    /**
     * {@return by road, its place among the roads of the largest signal in the table} A road stands where
     * the largest signal has the road that the same action opens alone, so that an action means the same
     * to signals of every size; where no action does that, roads stand in order.
     */
    List<Integer> slots(final int roads) {
        final int most = rows.lastKey();
        final List<Integer> slots = new ArrayList<>();
        for (int road = 0; road < roads; road++) {
            final int action = alone(roads, road);
            slots.add(action < 0 ? -1 : roadAlone(most, action));
        }
        final boolean distinct = slots.stream().distinct().count() == roads && !slots.contains(-1);
        return distinct ? slots : IntStream.range(0, roads).boxed().toList();
    }

    /** {@return the action that opens this road and no other, or -1} */
    private int alone(final int roads, final int road) {
        return IntStream.range(0, actions())
                .filter(action -> roadAlone(roads, action) == road)
                .findFirst()
                .orElse(-1);
    }

    /** {@return the road that {@code action} opens fully while all others stop, or -1} */
    private int roadAlone(final int roads, final int action) {
        final List<String> table = rows.get(roads);
        final long open = table.stream().filter(row -> row.charAt(action) != STOP).count();
        return open != 1
                ? -1
                : IntStream.range(0, roads)
                        .filter(road -> table.get(road).charAt(action) == LEFT_AND_STRAIGHT)
                        .findFirst()
                        .orElse(-1);
    }
}
