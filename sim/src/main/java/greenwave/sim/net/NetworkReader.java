package greenwave.sim.net;

import greenwave.sim.SumoException;
import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.net.TrafficLight.Phase;
import greenwave.sim.net.TrafficLight.Program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One pass over a network file, then one over each additional file. */
final class NetworkReader {
    /** Junctions of real cities have some hundred links: a larger index is a broken file. */
    private static final int MAX_LINK_INDEX = 65_535;

    private final Path file;
    private final SortedMap<String, Light> lights = new TreeMap<>(ByteOrder.UTF8);
    private final Map<String, Double> laneLengths = new HashMap<>();
    private final Extent extent = new Extent();

    /** A traffic light while it is being read. */
    private static final class Light {
        final SortedMap<String, Program> programs = new TreeMap<>(ByteOrder.UTF8);
        final List<List<Connection>> links = new ArrayList<>();
    }

    /** The box around all junctions. */
    private final class Extent {
        String junction;
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.POSITIVE_INFINITY;
        double top = Double.NEGATIVE_INFINITY;

        void add(final String id, final double x, final double y) {
            junction = junction == null ? id : junction;
            left = Math.min(left, x);
            right = Math.max(right, x);
            bottom = Math.min(bottom, y);
            top = Math.max(top, y);
        }

        void require(final XmlInput xml) {
            if (junction == null) {
                throw xml.error("network has no junctions, expected at least 1");
            }
        }

        /** A lane ends within the box, but may swing out of it by less than its length. */
        double radius() {
            final double longest =
                    laneLengths.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
            return Math.hypot(right - left, top - bottom) + longest;
        }
    }

    NetworkReader(final Path file) {
        this.file = file;
    }

    Network read(final List<Path> additional) {
        try (XmlInput xml = XmlInput.open(file, SumoException::new)) {
            xml.root("net");
            boolean more = xml.next();
            while (more) {
                switch (xml.name()) {
                    case "lane" -> laneLengths.put(required(xml, "id"), number(xml, "length"));
                    case "connection" -> readConnection(xml);
                    case "junction" -> readJunction(xml);
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
                                        id, List.copyOf(light.programs.values()), light.links)));
        return new Network(file, trafficLights, laneLengths, extent.junction, extent.radius());
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
        return more;
    }

    private void readJunction(final XmlInput xml) {
        if (!"internal".equals(xml.attribute("type"))) {
            extent.add(required(xml, "id"), number(xml, "x"), number(xml, "y"));
        }
    }

    private void readConnection(final XmlInput xml) {
        final String light = xml.attribute("tl");
        if (light == null || light.isEmpty()) {
            return;
        }
        final int index = linkIndex(xml, required(xml, "linkIndex"));
        if (index < 0) {
            return; // the rails at a rail crossing belong to it, but have no signal
        }
        final Connection connection =
                new Connection(
                        required(xml, "from") + '_' + required(xml, "fromLane"),
                        required(xml, "to") + '_' + required(xml, "toLane"));
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
        final String text = required(xml, attribute);
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
