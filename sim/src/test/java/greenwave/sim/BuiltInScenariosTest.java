package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import greenwave.sim.net.XmlInput;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The scenarios themselves, under SUMO. */
class BuiltInScenariosTest {
    /** Per arm: right, straight, left. */
    private static final String LEFT = "grG";

    private static final String STRAIGHT = "gGr";
    private static final String BOTH = "gGG";
    private static final String STOP = "rrr";

    @TempDir private Path folder;

    static List<String> names() {
        return Scenarios.names();
    }

    /** The networks are those of netconvert 1.15; another one may write other bytes. */
    @Test
    void areRebuiltByteForByteFromTheirSources() throws IOException, InterruptedException {
        final Process netconvert = new ProcessBuilder("netconvert", "--version").start();
        final byte[] version = netconvert.getInputStream().readAllBytes();
        assumeTrue(
                new String(version, StandardCharsets.UTF_8).contains("netconvert Version 1.15.0"));
        PlainSumo.run(List.of("sh", "src/scenarios/build.sh", folder.toString()));
        for (final String name : names()) {
            try (Scenario scenario = Scenarios.open(name)) {
                assertArrayEquals(
                        Files.readAllBytes(scenario.sumo().network()),
                        Files.readAllBytes(folder.resolve(name).resolve(name + ".net.xml")),
                        name);
            }
        }
    }

    @Test
    void crossOffersPairsOfOppositeArmsThenEachArmAlone() {
        assertEquals(
                List.of(
                        LEFT + STOP + LEFT + STOP,
                        STRAIGHT + STOP + STRAIGHT + STOP,
                        STOP + LEFT + STOP + LEFT,
                        STOP + STRAIGHT + STOP + STRAIGHT,
                        BOTH + STOP + STOP + STOP,
                        STOP + BOTH + STOP + STOP,
                        STOP + STOP + BOTH + STOP,
                        STOP + STOP + STOP + BOTH),
                greens("cross", "C", "actions"));
        assertEquals(4, greens("cross", "C", "fixed").size());
    }

    @Test
    void teeAndGridOfferWhatTheirFixedPlanShows() {
        assertEquals(List.of("GrrrGG", "GGGrrr", "rrGGGr"), greens("tee", "C", "fixed"));
        assertEquals(
                List.of("GGrrrrGGrrrr", "rrGrrrrrGrrr", "rrrGGrrrrGGr", "rrrrrGrrrrrG"),
                greens("grid4x4", "D3", "fixed"));
    }

    @ParameterizedTest(name = "{0} at {1}")
    @CsvSource({"cross, C", "tee, C", "grid4x4, B2"})
    void runTheirFixedTimeProgram(final String name, final String signal)
            throws IOException, InterruptedException {
        final Path states = folder.resolve("states.xml");
        final Path record = folder.resolve("record.add.xml");
        Files.writeString(
                record,
                """
                <additional>
                    <timedEvent type="SaveTLSStates" source="%s" dest="%s"/>
                </additional>
                """
                        .formatted(signal, states));
        try (Scenario scenario = Scenarios.open(name)) {
            PlainSumo.run(first(5, scenario.sumo()), 1, "-a", record.toString());
        }
        try (XmlInput xml = XmlInput.open(states, IllegalStateException::new)) {
            xml.root("tlsStates");
            assertTrue(xml.next());
            assertEquals("fixed", xml.attribute("programID"));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void areAnHourThatFixedTimeControlCopesWith(final String name)
            throws IOException, InterruptedException {
        final Path trips = folder.resolve("t.xml");
        try (Scenario scenario = Scenarios.open(name)) {
            final SumoConfig sumo = scenario.sumo();
            assertEquals(3600, sumo.end() - sumo.begin());
            PlainSumo.writeTrips(sumo, 6, trips);
            final TripMetrics fixed = TripInfo.read(trips, sumo.begin(), sumo.end());
            assertEquals(
                    scenario.vehicles(),
                    fixed.scheduled(),
                    5 * Math.sqrt(scenario.vehicles()), // Poisson, 5 sigma
                    "scheduled");
            assertTrue(fixed.finished() > 0.93 * fixed.scheduled(), fixed.toString());
            assertTrue(fixed.delay() > 20 && fixed.delay() < 100, fixed.toString());
            assertFalse(fixed.gridlock());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void areAnotherMorningUnderAnotherSeed(final String name)
            throws IOException, InterruptedException {
        try (Scenario scenario = Scenarios.open(name)) {
            final List<String> one = departures(scenario.sumo(), 1);
            assertEquals(one, departures(scenario.sumo(), 1));
            assertNotEquals(one, departures(scenario.sumo(), 2));
        }
    }

    /** {@return id, type and time of each departure in the first five minutes} */
    private List<String> departures(final SumoConfig sumo, final long seed)
            throws IOException, InterruptedException {
        final Path trips = folder.resolve("t.xml");
        PlainSumo.writeTrips(first(300, sumo), seed, trips);
        final List<String> departures = new ArrayList<>();
        try (XmlInput xml = XmlInput.open(trips, IllegalStateException::new)) {
            while (xml.next()) {
                departures.add(
                        "%s %s %s"
                                .formatted(
                                        xml.attribute("id"),
                                        xml.attribute("vType"),
                                        xml.attribute("depart")));
            }
        }
        return departures;
    }

    private static SumoConfig first(final int seconds, final SumoConfig sumo) {
        return new SumoConfig(
                sumo.name(),
                sumo.network(),
                sumo.routes(),
                sumo.additional(),
                sumo.begin(),
                sumo.begin() + seconds,
                sumo.options());
    }

    /** {@return the states of a program without its yellows} */
    private static List<String> greens(
            final String name, final String signal, final String program) {
        final List<String> greens = new ArrayList<>();
        try (Scenario scenario = Scenarios.open(name);
                XmlInput xml =
                        XmlInput.open(scenario.sumo().network(), IllegalStateException::new)) {
            boolean inside = false;
            while (xml.next()) {
                if (xml.name().equals("tlLogic")) {
                    inside =
                            signal.equals(xml.attribute("id"))
                                    && program.equals(xml.attribute("programID"));
                } else if (inside && xml.name().equals("phase")) {
                    final String state = xml.attribute("state");
                    if (!state.contains("y")) {
                        greens.add(state);
                    }
                }
            }
        }
        return greens;
    }
}
