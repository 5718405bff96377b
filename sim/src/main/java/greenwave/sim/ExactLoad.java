package greenwave.sim;

import greenwave.sim.net.XmlInput;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Where a SUMO that goes on to another episode by TraCI's {@code load} plays what a new process plays, to the last bit.
 * That can't be proven of SUMO, only tried; so this is a list of what was tried, and everything else gets a process for
 * each episode. Tried was, on SUMO 1.15.0: mostly four seeds one after another, signals switched at random, against
 * as many processes, comparing trips, all positions and speeds of every second (10 decimals), and answers to TraCI,
 * byte by byte.
 *
 * <ol>
 *   <li>Other versions: {@code load} has been at fault before (a step too many, <a
 *       href="https://github.com/eclipse-sumo/sumo/issues/10164">SUMO 10164</a>; other drivers, <a
 *       href="https://github.com/eclipse-sumo/sumo/issues/6332">SUMO 6332</a>).
 *   <li>Over libtraci, subscriptions are results that the library keeps: it isn't told that they are another
 *       simulation's.
 *   <li>Options: those below, which name no outputs. Nothing in several threads, whose order is not fixed.
 *       What detectors write, the next episode overwrites, as a new process would.
 *   <li>Networks, additional and route files: the elements below, and not what hangs on an attribute that was not tried,
 *       such as devices that are given by {@code <param>}, or files that include others.
 * </ol>
 *
 * What leaks is another matter: see {@link WorldSumo}.
 */
final class ExactLoad {
    private static final Set<String> SIMULATORS = Set.of("SUMO 1.15.0");

    private static final Set<String> OPTIONS =
            Set.of(
                    "--begin",
                    "--collision.action",
                    "--collision.check-junctions",
                    "--default.action-step-length",
                    "--default.speeddev",
                    "--device.emissions.probability",
                    "--device.rerouting.adaptation-interval",
                    "--device.rerouting.adaptation-steps",
                    "--device.rerouting.period",
                    "--device.rerouting.probability",
                    "--eager-insert",
                    "--extrapolate-departpos",
                    "--ignore-junction-blocker",
                    "--ignore-route-errors",
                    "--lanechange.duration",
                    "--lanechange.overtake-right",
                    "--lateral-resolution",
                    "--max-depart-delay",
                    "--max-num-vehicles",
                    "--no-internal-links",
                    "--pedestrian.model",
                    "--pedestrian.striping.jamtime",
                    "--random-depart-offset",
                    "--route-steps",
                    "--routing-algorithm",
                    "--scale",
                    "--sloppy-insert",
                    "--step-length",
                    "--step-method.ballistic",
                    "--time-to-impatience",
                    "--time-to-teleport",
                    "--time-to-teleport.highways",
                    "--tls.delay_based.detector-range",
                    "--tls.yellow.min-decel",
                    "--waiting-time-memory",
                    "--weights.minor-penalty",
                    "--weights.priority-factor",
                    "--weights.random-factor");

    private static final Set<String> ELEMENTS =
            Set.of(
                    // networks
                    "net",
                    "location",
                    "type",
                    "edge",
                    "lane",
                    "junction",
                    "request",
                    "connection",
                    "tlLogic",
                    "phase",
                    "roundabout",
                    // demand
                    "routes",
                    "vType",
                    "vTypeDistribution",
                    "route",
                    "routeDistribution",
                    "vehicle",
                    "trip",
                    "flow",
                    "stop",
                    "taz",
                    "tazSource",
                    "tazSink",
                    "person",
                    "personFlow",
                    "walk",
                    // additional
                    "additional",
                    "param",
                    "poi",
                    "poly",
                    "busStop",
                    "parkingArea",
                    "inductionLoop",
                    "e1Detector",
                    "instantInductionLoop",
                    "laneAreaDetector",
                    "entryExitDetector",
                    "detEntry",
                    "detExit",
                    "edgeData",
                    "laneData",
                    "calibrator",
                    "variableSpeedSign",
                    "step",
                    "rerouter",
                    "interval",
                    "closingReroute",
                    "destProbReroute",
                    "parkingAreaReroute");

    private static final Set<String> PROGRAMS = Set.of("static", "actuated", "delay_based");

    private static final Set<String> JUNCTIONS =
            Set.of(
                    "allway_stop",
                    "dead_end",
                    "internal",
                    "priority",
                    "priority_stop",
                    "right_before_left",
                    "traffic_light",
                    "unregulated");

    private static final Set<String> FOLLOWING =
            Set.of(
                    "ACC",
                    "CACC",
                    "EIDM",
                    "IDM",
                    "IDMM",
                    "Krauss",
                    "PWagner2009",
                    "W99",
                    "Wiedemann");

    private static final Set<String> CHANGING = Set.of("DK2008", "LC2013", "SL2015");

    private final boolean scenario;

    private ExactLoad(final boolean scenario) {
        this.scenario = scenario;
    }

    /** {@return where that is so in {@code config}, whose files are read} */
    static ExactLoad of(final SumoConfig config) {
        boolean tried = true;
        for (int i = 0; i < config.options().size(); i += 2) {
            tried &= OPTIONS.contains(SumoOptions.canonical(config.options().get(i)));
        }
        return new ExactLoad(
                tried
                        && wereTried(List.of(config.network()))
                        && wereTried(config.additional())
                        && wereTried(config.routes()));
    }

    /** {@return nowhere} */
    static ExactLoad never() {
        return new ExactLoad(false);
    }

    /** {@return whether it is so with this client of this simulator, for routes that the scenario has} */
    boolean covers(final Transport transport, final String simulator) {
        return scenario && transport == Transport.WIRE && SIMULATORS.contains(simulator);
    }

    /** {@return whether all that the files hold was tried} A file that can't be read is SUMO's to refuse. */
    static boolean wereTried(final List<Path> files) {
        try {
            return files.stream().allMatch(ExactLoad::wasTried);
        } catch (final SumoException e) {
            return false;
        }
    }

    private static boolean wasTried(final Path file) {
        try (XmlInput xml = XmlInput.open(file, SumoException::new)) {
            while (xml.next()) {
                if (!ELEMENTS.contains(xml.name()) || !attributesWereTried(xml)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean attributesWereTried(final XmlInput xml) {
        return switch (xml.name()) {
            case "tlLogic" -> isIn(PROGRAMS, xml.attribute("type"));
            case "junction" -> isIn(JUNCTIONS, xml.attribute("type"));
            case "vType" ->
                    isIn(FOLLOWING, xml.attribute("carFollowModel"))
                            && isIn(CHANGING, xml.attribute("laneChangeModel"));
            case "param" -> !isDevice(xml.attribute("key"));
            default -> true;
        };
    }

    private static boolean isIn(final Set<String> tried, final String value) {
        return value == null || tried.contains(value);
    }

    private static boolean isDevice(final String key) {
        return key == null || key.startsWith("has.") || key.startsWith("device.");
    }
}
