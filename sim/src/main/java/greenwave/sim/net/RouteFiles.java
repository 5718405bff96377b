package greenwave.sim.net;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The vehicles that route files schedule. Persons and containers are not counted.
 *
 * @param vehicles how many are due in the window; an expectation where SUMO draws them at random
 * @param end first whole second by which every vehicle was due, whatever the window; {@link
 *     Double#POSITIVE_INFINITY} if a flow has no end, {@link Double#NEGATIVE_INFINITY} if there is no
 *     vehicle
 */
public record RouteFiles(double vehicles, double end) {
    private static final RouteFiles NONE = new RouteFiles(0, Double.NEGATIVE_INFINITY);
    private static final Pattern POISSON = Pattern.compile("exp\\((.*)\\)");

    /** Departures that hang on something else than time. */
    private static final Set<String> UNTIMED =
            Set.of("triggered", "containerTriggered", "split", "now", "begin");

    /**
     * Reads {@code routes} and {@code additional} to their ends.
     *
     * @param additional files that may hold vehicles beside other things
     * @param begin start of the window, s; also of flows that name no begin, as in SUMO
     * @param end end of the window, s, or {@link Double#POSITIVE_INFINITY}
     * @throws IllegalArgumentException with {@code file:line} on malformed XML, a route file of another
     *     kind, or a departure or rate that is no number
     */
    public static RouteFiles read(
            final List<Path> routes,
            final List<Path> additional,
            final double begin,
            final double end) {
        RouteFiles sum = NONE;
        for (final Path file : routes) {
            try (XmlInput xml = XmlInput.open(file, IllegalArgumentException::new)) {
                xml.root("routes", "trips", "flows", "additional", "add");
                sum = sum.plus(rest(xml, begin, end));
            }
        }
        for (final Path file : additional) {
            try (XmlInput xml = XmlInput.open(file, IllegalArgumentException::new)) {
                sum = sum.plus(rest(xml, begin, end));
            }
        }
        return sum;
    }

    private RouteFiles plus(final RouteFiles other) {
        return new RouteFiles(vehicles + other.vehicles, Math.max(end, other.end));
    }

    private static RouteFiles rest(final XmlInput xml, final double begin, final double end) {
        RouteFiles sum = NONE;
        while (xml.next()) {
            if (xml.depth() == 2) {
                sum = sum.plus(of(xml, begin, end));
            }
        }
        return sum;
    }

    private static RouteFiles of(final XmlInput xml, final double begin, final double end) {
        return switch (xml.name()) {
            case "vehicle", "trip" -> {
                final double depart = departure(xml, begin);
                yield new RouteFiles(
                        depart >= begin && depart < end ? 1 : 0, Math.floor(depart) + 1);
            }
            case "flow" -> flow(xml, begin, end);
            default -> NONE;
        };
    }

    private static double departure(final XmlInput xml, final double begin) {
        final String depart = xml.attribute("depart");
        return depart != null && UNTIMED.contains(depart) ? begin : seconds(xml, "depart", begin);
    }

    private static RouteFiles flow(final XmlInput xml, final double begin, final double end) {
        final double first = seconds(xml, "begin", begin);
        final double number = number(xml, "number", Double.POSITIVE_INFINITY);
        double last = seconds(xml, "end", Double.POSITIVE_INFINITY);
        double rate = rate(xml);
        if (Double.isNaN(rate)) {
            rate = number / (last - first);
        } else {
            last = Math.min(last, first + number / rate);
        }
        final double inside = Math.min(last, end) - Math.max(first, begin);
        return new RouteFiles(inside > 0 ? rate * inside : 0, Math.ceil(last));
    }

    /** {@return vehicles per second, or NaN if the flow only gives their number} */
    private static double rate(final XmlInput xml) {
        final String period = xml.attribute("period");
        if (period != null) {
            final Matcher poisson = POISSON.matcher(period);
            return poisson.matches()
                    ? parse(xml, "period", poisson.group(1))
                    : 1 / seconds(xml, "period", Double.NaN);
        }
        for (final String perHour : List.of("vehsPerHour", "perHour")) {
            if (xml.attribute(perHour) != null) {
                return number(xml, perHour, Double.NaN) / 3600;
            }
        }
        return number(xml, "probability", Double.NaN);
    }

    private static double seconds(final XmlInput xml, final String name, final double otherwise) {
        final String text = xml.attribute(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return SumoTime.seconds(text);
        } catch (final NumberFormatException e) {
            throw xml.error("%s=%s, expected seconds or h:m:s".formatted(name, text));
        }
    }

    private static double number(final XmlInput xml, final String name, final double otherwise) {
        final String text = xml.attribute(name);
        return text == null ? otherwise : parse(xml, name, text);
    }

    private static double parse(final XmlInput xml, final String name, final String text) {
        try {
            return Double.parseDouble(text);
        } catch (final NumberFormatException e) {
            throw xml.error("%s=%s, expected a number".formatted(name, text));
        }
    }
}
