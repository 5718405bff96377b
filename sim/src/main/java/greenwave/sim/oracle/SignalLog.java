package greenwave.sim.oracle;

import greenwave.sim.SumoException;
import greenwave.sim.net.XmlInput;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every signal showed in every step, written by SUMO itself: so states of single seconds are known
 * although the simulation is asked only once per decision.
 */
final class SignalLog {
    private final Path output;
    private final Path additional;

    /**
     * A state that a signal changed to.
     *
     * @param time end of the first step that shows it, s
     */
    record Change(double time, String signal, String state) {}

    /** Prepares the log in {@code folder}. */
    SignalLog(final Path folder) {
        output = folder.resolve("signals.xml");
        additional = folder.resolve("signals.add.xml");
        try {
            Files.writeString(
                    additional,
                    "<additional><timedEvent type=\"SaveTLSStates\" dest=\"%s\"/></additional>%n"
                            .formatted(output));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the additional file that makes SUMO write it} */
    Path additional() {
        return additional;
    }

    /**
     * {@return all changes in order of time; the first step counts as one}
     *
     * @param step seconds per step
     */
    List<Change> read(final double step) {
        final List<Change> changes = new ArrayList<>();
        final Map<String, String> shown = new HashMap<>();
        try (XmlInput xml = XmlInput.open(output, SumoException::new)) {
            xml.root("tlsStates");
            while (xml.next()) {
                final String signal = xml.attribute("id");
                final String state = xml.attribute("state");
                if (!state.equals(shown.put(signal, state))) {
                    final double begin = Double.parseDouble(xml.attribute("time"));
                    changes.add(new Change(begin + step, signal, state));
                }
            }
        }
        return changes;
    }
}
