package greenwave.sim.app;

import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * SUMO's own {@code actuated} control of a network: a green is extended while vehicles follow each other within
 * 3 s (SUMO's {@code max-gap}) over a detector 1 s before the stop line ({@code detector-gap}).
 *
 * <p>Phases and their order are those of the program that runs from the start. Greens last from {@code
 * min_green} to {@code max_green}, which by default are netconvert's {@code --tls.min-dur} 5 s and {@code
 * --tls.max-dur} 50 s, and yellow lasts {@code yellow_time}: as for any other controller. What else there is,
 * such as red all over, keeps its seconds. Signals with fewer than two greens keep their own programs.
 */
final class ActuatedPrograms implements AutoCloseable {
    private static final double DETECTOR_GAP = 1; // s

    private final Path file;
    private final SumoConfig sumo;

    /** Writes the programs of all signals of {@code plain} into a temporary file. */
    ActuatedPrograms(final SumoConfig plain, final SignalTiming timing) {
        final Network network = Network.read(plain.network(), plain.additional());
        try {
            file = Files.createTempFile("greenwave-actuated-", ".add.xml");
            file.toFile().deleteOnExit(); // for a JVM that is ended by a signal
            Files.writeString(file, xml(network, timing));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final List<Path> additional = new ArrayList<>(plain.additional());
        additional.add(file); // last: the program loaded last is the one that runs
        this.sumo =
                new SumoConfig(
                        plain.name(),
                        plain.network(),
                        plain.routes(),
                        additional,
                        plain.begin(),
                        plain.end(),
                        plain.options());
    }

    /** {@return what is simulated, with these programs in force} */
    SumoConfig sumo() {
        return sumo;
    }

    /** Deletes the file. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String xml(final Network network, final SignalTiming timing) {
        final StringBuilder xml = new StringBuilder("<additional>\n");
        for (final TrafficLight light : network.trafficLights()) {
            if (!light.programs().isEmpty()) {
                final TrafficLight.Program running = light.runningProgram();
                if (running.phases().stream().filter(ActuatedPrograms::isGreen).count() >= 2) {
                    write(light, running, timing, xml);
                }
            }
        }
        return xml.append("</additional>\n").toString();
    }

    private static void write(
            final TrafficLight light,
            final TrafficLight.Program running,
            final SignalTiming timing,
            final StringBuilder xml) {
        xml.append(
                "    <tlLogic id=\"%s\" type=\"actuated\" programID=\"%s\" offset=\"0\">%n"
                        .formatted(escaped(light.id()), escaped(freeId(light))));
        xml.append("        <param key=\"detector-gap\" value=\"%s\"/>%n".formatted(DETECTOR_GAP));
        for (final TrafficLight.Phase phase : running.phases()) {
            if (isGreen(phase)) {
                xml.append(
                        "        <phase duration=\"%s\" minDur=\"%d\" maxDur=\"%d\" state=\"%s\"/>%n"
                                .formatted(
                                        phase.duration(),
                                        Math.max(1, timing.minGreen()),
                                        timing.maxGreen(),
                                        phase.state()));
            } else {
                final double seconds = isYellow(phase) ? timing.yellowTime() : phase.duration();
                xml.append(
                        "        <phase duration=\"%s\" state=\"%s\"/>%n"
                                .formatted(seconds, phase.state()));
            }
        }
        xml.append("    </tlLogic>\n");
    }

    private static String freeId(final TrafficLight light) {
        final StringBuilder id = new StringBuilder("actuated");
        while (light.programs().stream()
                .map(TrafficLight.Program::id)
                .anyMatch(id.toString()::equals)) {
            id.append('_');
        }
        return id.toString();
    }

    private static boolean isYellow(final TrafficLight.Phase phase) {
        return phase.state().chars().anyMatch(c -> c == 'y' || c == 'Y');
    }

    private static boolean isGreen(final TrafficLight.Phase phase) {
        return !isYellow(phase)
                && phase.state().indexOf('u') < 0
                && phase.state().chars().anyMatch(c -> c == 'G' || c == 'g');
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
