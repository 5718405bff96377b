package greenwave.sim.net;

import greenwave.sim.SumoConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a {@code .sumocfg} and checks the files it names, so that a fault is told in one line with
 * {@code file:line} before SUMO is started. Every failure is an {@link IllegalArgumentException}.
 *
 * <p>As in SUMO, an option is an element with its name, at any depth, its value is in {@code value}
 * or {@code v}, lists are separated by commas, and relative paths start from the configuration's
 * folder. Options of SUMO's outputs, its log and its window are dropped, as are those that Greenwave
 * sets itself.
 */
public final class SumoConfigReader {
    /** The window where neither the configuration nor the demand says when to end, s. */
    public static final double DEFAULT_WINDOW = 3600;

    /** Further options that name files to read. */
    private static final Set<String> INPUT_FILES =
            Set.of(
                    "weight-files",
                    "w",
                    "load-state",
                    "astar.all-distances",
                    "astar.landmark-distances",
                    "phemlight-path");

    /** Set by Greenwave, or of no effect on traffic; everything else is handed on to SUMO. */
    private static final Pattern DROPPED =
            Pattern.compile(
                    String.join(
                            "|",
                            // outputs
                            ".*output.*|netstate.*|ndump|summary|tripinfo.*|vehroutes?.*|save-.*",
                            "device\\.tripinfo\\..*|device\\.ssm\\..*|device\\.toc\\.file",
                            "precision.*|human-readable-time|write-license",
                            // log
                            "verbose|v|print-options|log|l|message-log|error-log|step-log.*",
                            "no-step-log|duration-log.*|no-duration-log.*|language|xml-validation.*|X",
                            // set by Greenwave
                            "remote-port|num-clients|seed|random|srand|abs-rand",
                            // window
                            "gui-.*|g|edgedata-files|start|S|quit-on-end|Q|game.*|G|delay|d|demo|D",
                            "breakpoints|B|disable-textures|T|registry-viewport|window-.*|tracker-.*",
                            "alternative-net-file|osg-view"));

    private final Path file;
    private final List<Path> routes = new ArrayList<>();
    private final List<Path> additional = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private Path network;
    private double begin;
    private double end = Double.NaN;

    private SumoConfigReader(final Path file) {
        this.file = file;
    }

    /**
     * {@return what {@code file} says, called {@code name}. Without an end, that is the first
     * whole second by which every vehicle was due; failing that, {@link #DEFAULT_WINDOW} after the
     * begin}
     *
     * @throws IllegalArgumentException if {@code file}, or a file it names, is missing, malformed or of
     *     another kind, if there is no network, or if SUMO's step is not 1 s
     */
    public static SumoConfig read(final String name, final Path file) {
        final SumoConfigReader reader = new SumoConfigReader(file.toAbsolutePath().normalize());
        reader.readOptions();
        if (reader.network == null) {
            throw new IllegalArgumentException(reader.file + ": no net-file, expected one");
        }
        return reader.checked(name);
    }

    /**
     * {@return a configuration of these files alone, from second 0, ending as {@link #read} says}
     *
     * @throws IllegalArgumentException as {@link #read} does
     */
    public static SumoConfig of(final String name, final Path network, final List<Path> routes) {
        final SumoConfigReader reader = new SumoConfigReader(network);
        reader.network = network.toAbsolutePath().normalize();
        for (final Path route : routes) {
            reader.routes.add(route.toAbsolutePath().normalize());
        }
        return reader.checked(name);
    }

    private void readOptions() {
        try (XmlInput xml = XmlInput.open(file, IllegalArgumentException::new)) {
            xml.root("configuration", "sumoConfiguration");
            while (xml.next()) {
                final String value =
                        xml.attribute("value") != null
                                ? xml.attribute("value")
                                : xml.attribute("v");
                if (value != null && !value.isBlank()) {
                    readOption(xml, value.strip());
                }
            }
        }
    }

    private void readOption(final XmlInput xml, final String value) {
        switch (xml.name()) {
            case "net-file", "net", "n" -> network = path(xml, value);
            case "route-files", "routes", "r" -> routes.addAll(paths(xml, value));
            case "additional-files", "additional", "a" -> additional.addAll(paths(xml, value));
            case "begin", "b" -> begin = seconds(xml, value);
            case "end", "e" -> {
                final double seconds = seconds(xml, value);
                end = seconds < 0 ? Double.NaN : seconds; // SUMO's own default is -1: none
            }
            case "step-length" -> {
                final double perSecond = 1 / seconds(xml, value);
                if (perSecond < 1 || Math.abs(perSecond - Math.rint(perSecond)) > 1e-9) {
                    throw xml.error(
                            "step-length=%s, expected 1 or a part of it, such as 0.5: signals are timed in whole seconds"
                                    .formatted(value));
                }
                if (perSecond != 1) {
                    keep(xml, value);
                }
            }
            default -> keep(xml, value);
        }
    }

    private void keep(final XmlInput xml, final String value) {
        final String option = xml.name();
        if (DROPPED.matcher(option).matches()) {
            return;
        }
        options.add((option.length() == 1 ? "-" : "--") + option);
        options.add(
                INPUT_FILES.contains(option)
                        ? String.join(",", paths(xml, value).stream().map(Path::toString).toList())
                        : value);
    }

    private List<Path> paths(final XmlInput xml, final String value) {
        final List<Path> paths = new ArrayList<>();
        for (final String part : value.split(",")) {
            if (!part.isBlank()) {
                paths.add(path(xml, part.strip()));
            }
        }
        return paths;
    }

    private Path path(final XmlInput xml, final String value) {
        final Path path = file.resolveSibling(value).normalize();
        if (!Files.isReadable(path)) {
            throw xml.error("%s=%s: no readable file %s".formatted(xml.name(), value, path));
        }
        return path;
    }

    private static double seconds(final XmlInput xml, final String value) {
        try {
            return SumoTime.seconds(value);
        } catch (final NumberFormatException e) {
            throw xml.error("%s=%s, expected seconds or h:m:s".formatted(xml.name(), value));
        }
    }

    private SumoConfig checked(final String name) {
        XmlInput.check(network, "net", IllegalArgumentException::new);
        final RouteFiles demand =
                RouteFiles.read(routes, additional, begin, Double.POSITIVE_INFINITY);
        if (Double.isNaN(end)) {
            final boolean known = Double.isFinite(demand.end()) && demand.end() > begin;
            end = known ? demand.end() : begin + DEFAULT_WINDOW;
        }
        if (!(end > begin)) {
            throw new IllegalArgumentException(
                    "%s: begin=%s s, end=%s s, expected end > begin".formatted(file, begin, end));
        }
        return new SumoConfig(name, network, routes, additional, begin, end, options);
    }
}
