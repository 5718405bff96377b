package greenwave.sim.libtraci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** What we read from a network file must be what SUMO itself holds after reading it. */
class NetworkOnSumoTest {
    // TraCI variables of a traffic light
    private static final int ID_LIST = 0x00;
    private static final int STATE = 0x20;
    private static final int CONTROLLED_LANES = 0x26;
    private static final int PROGRAM = 0x29;

    @TempDir Path folder;

    /** One traffic light as TraCI tells it. */
    private record Told(String[] ids, String[] lanes, String program, String state) {}

    @ParameterizedTest
    @ValueSource(strings = {"cross2", "grid2x2", "pedx"})
    void agreesOnTheTestScenarios(final String name) {
        compare(Path.of("src/test/resources/oracle/scenarios", name, name + ".net.xml"));
    }

    @Test
    void agreesOnJoinedJunctions() throws Exception {
        compare(generated("--rand", "--rand.iterations=60", "--seed=5", "-L=2", "--tls.join"));
    }

    @Test
    void agreesOnCrossings() throws Exception {
        compare(generated("--grid", "--grid.number=3", "--sidewalks.guess", "--crossings.guess"));
    }

    @Test
    void agreesOnSharedLinkIndices() throws Exception {
        compare(generated("--spider", "--spider.arm-number=7", "--tls.group-signals"));
    }

    private Path generated(final String... options) throws Exception {
        final Path file = folder.resolve("made.net.xml.gz");
        final List<String> command = new ArrayList<>(List.of("netgenerate"));
        command.addAll(List.of(options));
        command.addAll(List.of("--default-junction-type=traffic_light", "-o", file.toString()));
        final Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("netgenerate.log").toFile())
                        .start();
        assertEquals(0, process.waitFor(), command.toString());
        return file;
    }

    private void compare(final Path file) {
        final Network network = Network.read(file, List.of());
        final Map<String, Told> told = ask(network, file.toAbsolutePath());
        final String[] ids =
                network.trafficLights().stream().map(TrafficLight::id).toArray(String[]::new);
        assertTrue(ids.length > 0);
        for (final TrafficLight light : network.trafficLights()) {
            final Told sumo = told.get(light.id());
            assertArrayEquals(ids, sumo.ids);
            assertEquals(
                    light.incomingLanes(),
                    List.copyOf(new LinkedHashSet<>(Arrays.asList(sumo.lanes))));
            assertEquals(light.links().stream().mapToInt(List::size).sum(), sumo.lanes.length);
            assertEquals(sumo.program, light.running());
            final TrafficLight.Program running = light.runningProgram();
            assertTrue(
                    running.phases().stream().anyMatch(p -> p.state().equals(sumo.state)),
                    light.id() + ": " + sumo.state);
        }
    }

    private static Map<String, Told> ask(final Network network, final Path file) {
        final Map<String, Told> told = new HashMap<>();
        try (SumoHost host = new SumoHost();
                SumoSession session =
                        SumoSession.start(
                                0,
                                TraciLibrary.find().open(host.folder()),
                                host,
                                SumoInstallation.find(),
                                List.of("-n", file.toString(), "--no-step-log", "--no-warnings"),
                                0,
                                host.folder(),
                                0)) {
            for (final TrafficLight light : network.trafficLights()) {
                session.subscribe(
                        TraciDomain.TRAFFIC_LIGHT,
                        light.id(),
                        ID_LIST,
                        CONTROLLED_LANES,
                        PROGRAM,
                        STATE);
            }
            session.read(
                    TraciDomain.TRAFFIC_LIGHT,
                    (id, values) ->
                            told.put(
                                    id,
                                    new Told(
                                            values.list(ID_LIST),
                                            values.list(CONTROLLED_LANES),
                                            values.text(PROGRAM),
                                            values.text(STATE))));
            session.finish();
        }
        return told;
    }
}
