package greenwave.sim.net;

import greenwave.sim.SumoException;
import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.net.TrafficLight.Phase;
import greenwave.sim.net.TrafficLight.Program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One pass over a network file, then one over each additional file. */
final class NetworkReader {
    /** Junctions of real cities have some hundred links: a larger index is a broken file. */
    private static final int MAX_LINK_INDEX = 65_535;

    /** Vehicle classes that run on rails. */
    private static final Set<String> RAILS =
            Set.of(
                    "tram",
                    "rail",
                    "rail_urban",
                    "rail_electric",
                    "rail_fast",
                    "subway",
                    "cable_car");

    private final Path file;
    private final SortedMap<String, Light> lights = new TreeMap<>(ByteOrder.UTF8);
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<String, Edge> edges = new HashMap<>();
    private final Map<String, List<String>> lanesOf = new HashMap<>(); // by edge
    private final Map<String, List<Connection>> exits = new HashMap<>(); // by lane
    private final Map<String, Point> junctions = new HashMap<>();
    private final RequestReader requests = new RequestReader();
    private final Extent extent = new Extent();
    private String edge = ""; // the one being read
    private Bounds bounds;
    private boolean leftHand;

    /** A traffic light while it is being read. */
    private static final class Light {
        final SortedMap<String, Program> programs = new TreeMap<>(ByteOrder.UTF8);
        String running = "";
        final List<List<Connection>> links = new ArrayList<>();
    }

    NetworkReader(final Path file) {
        this.file = file;
    }

    Network read(final List<Path> additional) {
        try (XmlInput xml = XmlInput.open(file, SumoException::new)) {
            xml.root("net");
            leftHand =
                    "true".equals(xml.attribute("lefthand"))
                            || "1".equals(xml.attribute("lefthand"));
            boolean more = xml.next();
            while (more) {
                switch (xml.name()) {
                    case "location" -> readLocation(xml);
                    case "edge" -> readEdge(xml);
                    case "lane" -> readLane(xml);
                    case "connection" -> readConnection(xml);
                    case "junction" -> {
                        readJunction(xml);
                        requests.junction(xml);
                    }
                    case "request" -> requests.row(xml);
                    default -> {}
                }
                more = xml.name().equals("tlLogic") ? readProgram(xml) : xml.next();
            }
            extent.require(xml);
        }
        for (final Path more : additional) {
            readPrograms(more);
        }
        final List<TrafficLight> trafficLights = new ArrayList<>();
        lights.forEach(
                (id, light) ->
                        trafficLights.add(
                                new TrafficLight(
                                        id,
                                        List.copyOf(light.programs.values()),
                                        light.running,
                                        light.links)));
        lanes.replaceAll(
                (id, lane) ->
                        new Lane(
                                id,
                                lane.edge(),
                                lane.length(),
                                lane.speed(),
                                lane.rails(),
                                exits.getOrDefault(id, List.of())));
        edges.replaceAll(
                (id, e) ->
                        new Edge(
                                id,
                                e.from(),
                                e.to(),
                                e.kind(),
                                e.crossed(),
                                lanesOf.getOrDefault(id, List.of())));
        return new Network(
                file,
                trafficLights,
                lanes,
                edges,
                junctions,
                bounds != null ? bounds : extent.bounds(),
                leftHand,
                requests.rightOfWay(),
                extent.junction,
                extent.radius(lanes.values()));
    }

    private void readLocation(final XmlInput xml) {
        final String[] sides = required(xml, "convBoundary").split(",");
        if (sides.length != 4) {
            throw xml.error(
                    "<location>: convBoundary=\"%s\", expected four numbers"
                            .formatted(String.join(",", sides)));
        }
        bounds =
                new Bounds(
                        number(xml, "convBoundary", sides[0]),
                        number(xml, "convBoundary", sides[1]),
                        number(xml, "convBoundary", sides[2]),
                        number(xml, "convBoundary", sides[3]));
    }

    private void readEdge(final XmlInput xml) {
        edge = xml.attribute("id");
        final String function = xml.attribute("function");
        final Edge.Kind kind =
                switch (function == null ? "normal" : function) {
                    case "internal" -> Edge.Kind.INTERNAL;
                    case "crossing" -> Edge.Kind.CROSSING;
                    case "walkingarea" -> Edge.Kind.WALKING_AREA;
                    case "connector" -> Edge.Kind.CONNECTOR;
                    default -> Edge.Kind.ROAD;
                };
        if (edge != null) {
            final String crossed = xml.attribute("crossingEdges");
            edges.put(
                    edge,
                    new Edge(
                            edge,
                            xml.attribute("from"),
                            xml.attribute("to"),
                            kind,
                            crossed == null ? List.of() : List.of(crossed.strip().split("\\s+")),
                            List.of()));
        }
    }

    private void readLane(final XmlInput xml) {
        final String id = required(xml, "id");
        final double speed = xml.attribute("speed") == null ? 0 : number(xml, "speed");
        final String allowed = xml.attribute("allow");
        final boolean rails =
                allowed != null
                        && !allowed.isBlank()
                        && RAILS.containsAll(List.of(allowed.strip().split("\\s+")));
        lanes.put(id, new Lane(id, edge, number(xml, "length"), speed, rails, List.of()));
        lanesOf.computeIfAbsent(edge, _ -> new ArrayList<>()).add(id);
    }

    private void readPrograms(final Path additional) {
        try (XmlInput xml = XmlInput.open(additional, SumoException::new)) {
            boolean more = xml.next();
            while (more) {
                more = xml.name().equals("tlLogic") ? readProgram(xml) : xml.next();
            }
        }
    }

    /** Reads the current {@code <tlLogic>}; ends on the element after it, false if there is none. */
    private boolean readProgram(final XmlInput xml) {
        final int depth = xml.depth();
        final String light = required(xml, "id");
        final String id = required(xml, "programID");
        final String type = required(xml, "type");
        final List<Phase> phases = new ArrayList<>();
        boolean more = xml.next();
        for (; more && xml.depth() > depth; more = xml.next()) {
            if (xml.name().equals("phase")) {
                phases.add(new Phase(number(xml, "duration"), required(xml, "state")));
                final int letters = phases.getLast().state().length();
                if (letters != phases.getFirst().state().length()) {
                    throw xml.error(
                            "<phase>: state has %d letters, expected %d as in the first phase"
                                    .formatted(letters, phases.getFirst().state().length()));
                }
            }
        }
        light(light).programs.put(id, new Program(id, type, phases));
        light(light).running = id;
        return more;
    }

    private void readJunction(final XmlInput xml) {
        if (!"internal".equals(xml.attribute("type"))) {
            final Point place = new Point(number(xml, "x"), number(xml, "y"));
            junctions.put(required(xml, "id"), place);
            extent.add(required(xml, "id"), place.x(), place.y());
        }
    }

    private void readConnection(final XmlInput xml) {
        final String direction = xml.attribute("dir");
        final Connection connection =
                new Connection(
                        required(xml, "from") + '_' + required(xml, "fromLane"),
                        required(xml, "to") + '_' + required(xml, "toLane"),
                        direction == null || direction.isEmpty() ? 'i' : direction.charAt(0));
        if (!connection
                .from()
                .startsWith(":")) { // the second half of a way over a junction is no exit
            exits.computeIfAbsent(connection.from(), _ -> new ArrayList<>()).add(connection);
            requests.way(connection, xml.attribute("via"));
        }
        final String light = xml.attribute("tl");
        if (light == null || light.isEmpty()) {
            return;
        }
        final int index = linkIndex(xml, required(xml, "linkIndex"));
        if (index < 0) {
            return; // the rails at a rail crossing belong to it, but have no signal
        }
        addLink(light, index, connection);
    }

    private void addLink(final String light, final int index, final Connection connection) {
        final List<List<Connection>> links = light(light).links;
        while (links.size() <= index) {
            links.add(new ArrayList<>());
        }
        links.get(index).add(connection);
    }

    private Light light(final String id) {
        return lights.computeIfAbsent(id, _ -> new Light());
    }

    private static int linkIndex(final XmlInput xml, final String text) {
        try {
            final int index = Integer.parseInt(text);
            if (index >= -1 && index <= MAX_LINK_INDEX) {
                return index;
            }
        } catch (final NumberFormatException e) {
            // refused below
        }
        throw xml.error(
                "<connection>: linkIndex=\"%s\", expected an integer in [-1, %d]"
                        .formatted(text, MAX_LINK_INDEX));
    }

    private static double number(final XmlInput xml, final String attribute) {
        return number(xml, attribute, required(xml, attribute));
    }

    private static double number(final XmlInput xml, final String attribute, final String text) {
        try {
            final double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (final NumberFormatException e) {
            // refused below
        }
        throw xml.error(
                "<%s>: %s=\"%s\", expected a number".formatted(xml.name(), attribute, text));
    }

    private static String required(final XmlInput xml, final String attribute) {
        final String text = xml.attribute(attribute);
        if (text == null) {
            throw xml.error("<%s>: attribute %s is missing".formatted(xml.name(), attribute));
        }
        return text;
    }
}
