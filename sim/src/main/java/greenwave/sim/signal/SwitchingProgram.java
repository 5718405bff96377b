package greenwave.sim.signal;

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

    /** Appends the {@code <tlLogic>} element to an additional file. */
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
