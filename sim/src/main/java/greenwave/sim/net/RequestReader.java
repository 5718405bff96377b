package greenwave.sim.net;

import greenwave.sim.net.RightOfWay.Place;
import greenwave.sim.net.RightOfWay.Request;
import greenwave.sim.net.TrafficLight.Connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers the right of way while a network file is read. */
final class RequestReader {
    /** Junction, number of its first way, and lane: these two add up to the number of the way. */
    private static final Pattern VIA = Pattern.compile(":(.*)_(\\d{1,6})_(\\d{1,6})");

    private final Map<Connection, Place> places = new HashMap<>();
    private final Map<String, List<Request>> requests = new HashMap<>();
    private String junction = "";

    /** Comes to a {@code <junction>}. */
    void junction(final XmlInput xml) {
        junction = xml.attribute("id");
    }

    /** Comes to a {@code <request>} of that junction. */
    void row(final XmlInput xml) {
        final String response = xml.attribute("response");
        final String foes = xml.attribute("foes");
        requests.computeIfAbsent(junction, _ -> new ArrayList<>())
                .add(new Request(response == null ? "" : response, foes == null ? "" : foes));
    }

    /** Notes over which internal lane a way leads, if it does. */
    void way(final Connection connection, final String via) {
        final Matcher lane = VIA.matcher(via == null ? "" : via);
        if (lane.matches()) {
            places.put(
                    connection,
                    new Place(
                            lane.group(1),
                            Integer.parseInt(lane.group(2)) + Integer.parseInt(lane.group(3))));
        }
    }

    RightOfWay rightOfWay() {
        return new RightOfWay(places, requests);
    }
}
