package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.net.XmlInput;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class TripInfoTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("t.xml");
    }

    @Test
    void countsUnfinishedAndUndepartedVehiclesButNoneDueAtTheEnd() throws IOException {
        write(
                trip("10.00", "0.00", "50.00", "40.00", "5.00", "10.00", ""),
                trip("20.00", "6.00", "-1.00", "980.00", "900.00", "950.00", "end"),
                trip("-1", "3.50", "-1.00", "0.00", "0.00", "0.00", "end"),
                trip("-1", "0.00", "-1.00", "0.00", "0.00", "0.00", "end"),
                trip("30.00", "0.00", "60.00", "30.00", "1.00", "2.50", "traci"),
                "<personinfo id=\"p\" depart=\"5.00\"><ride depart=\"5.00\"/></personinfo>");
        assertEquals(
                new TripMetrics(
                        (10 + 956 + 3.5 + 2.5) / 4,
                        906 / 4.0,
                        962.5 / 4,
                        1050 / 4.0,
                        1,
                        4,
                        true), // the second one stands since 20 s, the last arrival was at 50 s
                TripInfo.read(file, 0, 1000));
    }

    @Test
    void countsOnlyVehiclesDueInTheWindow() throws IOException {
        write(
                trip("101.00", "2.00", "150.00", "49.00", "0.00", "8.00", ""),
                trip("101.00", "1.00", "150.00", "49.00", "0.00", "5.00", ""),
                trip("199.00", "0.00", "-1.00", "1.00", "0.00", "0.00", "end"));
        assertEquals(new TripMetrics(3, 0, 2.5, 25, 1, 2, false), TripInfo.read(file, 100, 200));
    }

    @Test
    void hasNoGridlockWhileVehiclesArriveOrHaveJustSetOut() throws IOException {
        final String stuck = trip("20.00", "0.00", "-1.00", "980.00", "900.00", "950.00", "end");
        write(stuck, trip("600.00", "0.00", "700.00", "100.00", "0.00", "0.00", ""));
        assertFalse(TripInfo.read(file, 0, 1000).gridlock());
        write(stuck, trip("600.00", "0.00", "699.00", "99.00", "0.00", "0.00", ""));
        assertTrue(TripInfo.read(file, 0, 1000).gridlock());
        write(trip("990.00", "0.00", "-1.00", "10.00", "0.00", "0.00", "end"));
        assertFalse(TripInfo.read(file, 0, 1000).gridlock());
    }

    @Test
    void isAllZeroWithoutVehicles() throws IOException {
        write();
        assertEquals(new TripMetrics(0, 0, 0, 0, 0, 0, false), TripInfo.read(file, 0, 1000));
    }

    @Test
    void refusesAFileThatIsNoCompleteTripOutput() throws IOException {
        assertRefused("t.xml: no such file");
        Files.writeString(file, "<tripinfos>\n" + trip("1", "0", "2", "1", "0", "0", "") + "\n");
        assertRefused(
                "t.xml:3: XML document structures must start and end within the same entity.");
        Files.writeString(file, "");
        assertRefused("t.xml:1: Premature end of file.");
        Files.writeString(file, "<routes/>");
        assertRefused("t.xml:1: root element <routes>, expected <tripinfos>");
        Files.writeString(file, "<tripinfos>\n<tripinfo id=\"a\"/></tripinfos>");
        assertRefused("t.xml:2: <tripinfo> without depart, expected a number");
        Files.writeString(file, "<tripinfos>\n<tripinfo id=\"a\" depart=\"x\"/></tripinfos>");
        assertRefused("t.xml:2: depart=x, expected a number");
        Files.writeString(
                file, "<!DOCTYPE tripinfos [<!ENTITY e 'x'>]>\n<tripinfos>&e;</tripinfos>");
        assertRefused("t.xml:1: document type declaration, expected none");
    }

    /** One lane is green; one vehicle every 2 s is more than it takes, so most are never inserted. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "free,         200, GGGGGGGGGGGG, false",
        "oversaturated,  2, rrrrGrrrrrrr, false",
        "gridlocked,     2, rrrrrrrrrrrr, true"
    })
    void agreesWithSumosOwnStatistics(
            final String name, final int period, final String state, final boolean gridlock)
            throws IOException, InterruptedException {
        try (Scenario cross = Scenarios.open("cross")) {
            final SumoConfig config = eastToWest(cross.sumo().network(), period, state);
            PlainSumo.writeTrips(config, 1, file);
            final TripMetrics metrics = TripInfo.read(file, config.begin(), config.end());

            final Statistics sumo = Statistics.read(Path.of(file + ".statistics"));
            assertEquals(900 / period + (900 % period == 0 ? 0 : 1), metrics.scheduled());
            assertEquals(sumo.inserted + sumo.waiting, metrics.scheduled());
            assertEquals(sumo.inserted - sumo.running, metrics.finished());
            assertEquals(gridlock, metrics.gridlock());
            final double tolerance = 0.01 * sumo.inserted / metrics.scheduled(); // two decimals
            assertEquals(sumo.perScheduled(sumo.timeLoss), metrics.timeLoss(), tolerance);
            assertEquals(sumo.perScheduled(sumo.waitingTime), metrics.waiting(), tolerance);
            assertEquals(sumo.perScheduled(sumo.duration), metrics.duration(), tolerance);
            assertEquals(
                    sumo.perScheduled(sumo.timeLoss) + sumo.totalDepartDelay / metrics.scheduled(),
                    metrics.delay(),
                    tolerance);
        }
    }

    @Test
    void takesTheMedianOfEachFigure() {
        final var a = new TripMetrics(1, 20, 3, 4, 5, 6, true);
        final var b = new TripMetrics(2, 10, 2, 5, 7, 9, false);
        final var c = new TripMetrics(9, 15, 1, 6, 6, 8, true);
        assertEquals(a, TripInfo.median(List.of(a)));
        assertEquals(new TripMetrics(2, 15, 2, 5, 6, 8, true), TripInfo.median(List.of(a, b, c)));
        assertEquals(
                new TripMetrics(1.5, 15, 2.5, 4.5, 6, 8, false), TripInfo.median(List.of(a, b)));
        final var none =
                assertThrows(IllegalArgumentException.class, () -> TripInfo.median(List.of()));
        assertEquals("median: runs=0, expected at least 1", none.getMessage());
    }

    private SumoConfig eastToWest(final Path network, final int period, final String state)
            throws IOException {
        final Path routes = folder.resolve("r.rou.xml");
        Files.writeString(
                routes,
                """
                <routes>
                    <flow id="f" begin="0" end="900" period="%d"><route edges="E_in W_out"/></flow>
                    <vehicle id="atTheEnd" depart="900"><route edges="N_in S_out"/></vehicle>
                    <vehicle id="late" depart="901"><route edges="N_in S_out"/></vehicle>
                </routes>
                """
                        .formatted(period));
        final Path program = folder.resolve("p.add.xml");
        Files.writeString(
                program,
                """
                <additional>
                    <tlLogic id="C" type="static" programID="test" offset="0">
                        <phase duration="9999" state="%s"/>
                    </tlLogic>
                </additional>
                """
                        .formatted(state));
        return new SumoConfig(
                "t",
                network,
                List.of(routes),
                List.of(program),
                0,
                900,
                List.of("--time-to-teleport", "-1"));
    }

    private void assertRefused(final String message) {
        final var refusal = assertThrows(SumoException.class, () -> TripInfo.read(file, 0, 1000));
        assertEquals(folder + "/" + message, refusal.getMessage());
    }

    private void write(final String... trips) throws IOException {
        Files.writeString(file, "<tripinfos>\n" + String.join("\n", trips) + "\n</tripinfos>\n");
    }

    private static String trip(
            final String depart,
            final String departDelay,
            final String arrival,
            final String duration,
            final String waiting,
            final String timeLoss,
            final String vaporized) {
        return """
        <tripinfo id="a" depart="%s" departDelay="%s" arrival="%s" duration="%s" waitingTime="%s" timeLoss="%s" vaporized="%s"/>\
        """
                .formatted(depart, departDelay, arrival, duration, waiting, timeLoss, vaporized);
    }

    /** SUMO's totals; the means are over inserted vehicles. */
    private record Statistics(
            int inserted,
            int running,
            int waiting,
            double timeLoss,
            double waitingTime,
            double duration,
            double totalDepartDelay) {
        static Statistics read(final Path file) {
            try (XmlInput xml = XmlInput.open(file, IllegalStateException::new)) {
                advance(xml, "vehicles");
                final int inserted = (int) number(xml, "inserted");
                final int running = (int) number(xml, "running");
                final int waiting = (int) number(xml, "waiting");
                advance(xml, "vehicleTripStatistics");
                return new Statistics(
                        inserted,
                        running,
                        waiting,
                        number(xml, "timeLoss"),
                        number(xml, "waitingTime"),
                        number(xml, "duration"),
                        number(xml, "totalDepartDelay"));
            }
        }

        double perScheduled(final double mean) {
            return mean * inserted / (inserted + waiting);
        }

        private static void advance(final XmlInput xml, final String element) {
            do {
                assertTrue(xml.next(), element);
            } while (!xml.name().equals(element));
        }

        private static double number(final XmlInput xml, final String attribute) {
            return Double.parseDouble(xml.attribute(attribute));
        }
    }
}
