package greenwave.sim.net;

import greenwave.sim.net.TrafficLight.Connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which ways over a junction cross or join, and who gives way where both are open: SUMO's matrix of
 * requests. Ways of pedestrians are not in it.
 */
public final class RightOfWay {
    /** Knows of no ways that cross. */
    public static final RightOfWay NONE = new RightOfWay(Map.of(), Map.of());

    private final Map<Connection, Place> places;
    private final Map<String, List<Request>> requests; // by junction

    /** A way's row in the matrix of its junction. */
    record Place(String junction, int index) {}

    /**
     * A row: a bit per way, the first one at the right end.
     *
     * @param response ways that this one gives way to
     * @param foes ways that cross or join it
     */
    record Request(String response, String foes) {}

    RightOfWay(final Map<Connection, Place> places, final Map<String, List<Request>> requests) {
        this.places = new HashMap<>(places);
        this.requests = new HashMap<>(requests);
    }

    /** {@return whether two ways cross or join} */
    public boolean conflicts(final Connection a, final Connection b) {
        return isSet(a, b, true) || isSet(b, a, true);
    }

    /** {@return whether {@code a} gives way to {@code b} where both are open} */
    public boolean yields(final Connection a, final Connection b) {
        return isSet(a, b, false);
    }

    private boolean isSet(final Connection a, final Connection b, final boolean foes) {
        final Place mine = places.get(a);
        final Place other = places.get(b);
        if (mine == null || other == null || !mine.junction.equals(other.junction)) {
            return false;
        }
        final List<Request> rows = requests.getOrDefault(mine.junction, List.of());
        if (mine.index >= rows.size()) {
            return false;
        }
        final Request row = rows.get(mine.index);
        final String bits = foes ? row.foes : row.response;
        final int place = bits.length() - 1 - other.index;
        return place >= 0 && bits.charAt(place) == '1';
    }
}
