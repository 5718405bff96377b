package greenwave.sim.signal;

import greenwave.sim.net.RightOfWay;
import greenwave.sim.net.TrafficLight.Connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program for SUMO that plays yellow and then the next green by itself, so that a decision is one
 * {@code setPhase} and one simulation step of many seconds. A green repeats itself until it is
 * left; a yellow is followed by its green. Phases that show the same and go on to the same are one.
 */
public final class SwitchingProgram {
    /** Seconds of a green that nobody ends. */
    private static final int ENDLESS = 100_000;

    /** Letters of ways that may go and give way. */
    private static final String MINOR = "gos";

    private final Signal signal;
    private final List<Phase> phases = new ArrayList<>();
    private final int[][] switches;

    private record Phase(int duration, String state, int next) {}

    /** Plans all switches between the greens of {@code signal}; yellow lasts {@code yellowTime} s. */
    public SwitchingProgram(final Signal signal, final int yellowTime) {
        this.signal = signal;
        final int greens = signal.greens().size();
        for (int green = 0; green < greens; green++) {
            phases.add(new Phase(ENDLESS, signal.greens().get(green), green));
        }
        final Map<Phase, Integer> yellows = new HashMap<>();
        this.switches = new int[greens][greens];
        for (int from = 0; from < greens; from++) {
            for (int to = 0; to < greens; to++) {
                if (from == to) {
                    switches[from][to] = to;
                    continue;
                }
                final Phase yellow = new Phase(yellowTime, signal.yellow(from, to), to);
                final Integer known = yellows.putIfAbsent(yellow, phases.size());
                switches[from][to] = known != null ? known : phases.size();
                if (known == null) {
                    phases.add(yellow);
                }
            }
        }
    }

    /** {@return the phase to set so that green {@code to} follows {@code from}, through yellow} */
    public int phase(final int from, final int to) {
        return switches[from][to];
    }

    /** {@return the number of phases} */
    public int size() {
        return phases.size();
    }

    /**
     * {@return whether SUMO takes the program from a network file only: in some phase two ways both have a minor green and
     * wait for each other} Its MSTrafficLightLogic checks additional files so, and not networks.
     */
    public boolean belongsInNetwork() {
        final RightOfWay rightOfWay = signal.network().rightOfWay();
        final List<List<Connection>> links = signal.light().links();
        for (int a = 0; a < links.size(); a++) {
            for (int b = a + 1; b < links.size(); b++) {
                if (isMinorInOnePhase(a, b) && waitForEachOther(rightOfWay, links, a, b)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isMinorInOnePhase(final int a, final int b) {
        for (final Phase phase : phases) {
            if (b < phase.state.length()
                    && MINOR.indexOf(phase.state.charAt(a)) >= 0
                    && MINOR.indexOf(phase.state.charAt(b)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean waitForEachOther(
            final RightOfWay rightOfWay,
            final List<List<Connection>> links,
            final int a,
            final int b) {
        return links.get(a).stream()
                .anyMatch(
                        one ->
                                links.get(b).stream()
                                        .anyMatch(
                                                other ->
                                                        rightOfWay.yields(one, other)
                                                                && rightOfWay.yields(other, one)));
    }

    /** Appends the {@code <tlLogic>} element to a file. */
    public void write(final String programId, final StringBuilder xml) {
        xml.append(
                "    <tlLogic id=\"%s\" type=\"static\" programID=\"%s\" offset=\"0\">\n"
                        .formatted(escaped(signal.id()), programId));
        for (final Phase phase : phases) {
            xml.append(
                    "        <phase duration=\"%d\" state=\"%s\" next=\"%d\"/>\n"
                            .formatted(phase.duration, phase.state, phase.next));
        }
        xml.append("    </tlLogic>\n");
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
