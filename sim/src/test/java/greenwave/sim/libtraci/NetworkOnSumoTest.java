package greenwave.sim.libtraci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.Transport;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.wire.WireTraci;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What we read from a network file must be what SUMO itself holds after reading it. */
class NetworkOnSumoTest {
    // TraCI variables of a traffic light
    private static final List<TraciVariable> VARIABLES =
            List.of(
                    TraciVariable.list(0x00), // all traffic lights
                    TraciVariable.list(0x26), // controlled lanes
                    TraciVariable.text(0x29), // program
                    TraciVariable.text(0x20)); // state

    @TempDir Path folder;

    /** One traffic light as TraCI tells it. */
    private record Told(List<String> ids, List<String> lanes, String program, String state) {}

    /** Keeps what is told, by place of light, then of variable. */
    private record Listener(Names names, Object[][] told) implements TraciReader {
        Told of(final int light) {
            return new Told(
                    ((List<?>) told[light][0]).stream().map(String.class::cast).toList(),
                    ((List<?>) told[light][1]).stream().map(String.class::cast).toList(),
                    (String) told[light][2],
                    (String) told[light][3]);
        }

        @Override
        public void integer(final int watch, final int variable, final int value) {
            told[watch][variable] = value;
        }

        @Override
        public void number(final int watch, final int variable, final double value) {
            told[watch][variable] = value;
        }

        @Override
        public void text(final int watch, final int variable, final int name) {
            told[watch][variable] = names.text(name);
        }

        @Override
        public void list(final int watch, final int variable, final int[] list, final int size) {
            told[watch][variable] = Arrays.stream(list, 0, size).mapToObj(names::text).toList();
        }
    }

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
        final List<String> ids = network.trafficLights().stream().map(TrafficLight::id).toList();
        assertFalse(ids.isEmpty());
        for (final TrafficLight light : network.trafficLights()) {
            final Told sumo = told.get(light.id());
            assertEquals(ids, sumo.ids);
            assertEquals(light.incomingLanes(), List.copyOf(new LinkedHashSet<>(sumo.lanes)));
            assertEquals(light.links().stream().mapToInt(List::size).sum(), sumo.lanes.size());
            assertEquals(sumo.program, light.running());
            final TrafficLight.Program running = light.runningProgram();
            assertTrue(
                    running.phases().stream().anyMatch(p -> p.state().equals(sumo.state)),
                    light.id() + ": " + sumo.state);
        }
    }

    /** {@return what SUMO tells over every transport, which must be the same} */
    private static Map<String, Told> ask(final Network network, final Path file) {
        final Map<String, Told> told = ask(network, file, Transport.LIBTRACI);
        assertEquals(told, ask(network, file, Transport.WIRE));
        return told;
    }

    private static Map<String, Told> ask(
            final Network network, final Path file, final Transport transport) {
        final List<String> lights = network.trafficLights().stream().map(TrafficLight::id).toList();
        final Listener listener =
                new Listener(new Names(), new Object[lights.size()][VARIABLES.size()]);
        try (SumoHost host = new SumoHost(Duration.ofSeconds(60), false);
                SumoSession session =
                        SumoSession.start(
                                0,
                                new TraciClient(
                                        TraciClient.Choice.of(transport),
                                        new WireTraci(),
                                        host.folder()),
                                host,
                                SumoInstallation.find(),
                                List.of("-n", file.toString(), "--no-step-log", "--no-warnings"),
                                0,
                                host.folder(),
                                0)) {
            session.begin(
                    new TraciPlan(
                            lights,
                            lights.stream()
                                    .map(
                                            light ->
                                                    new TraciPlan.Watch(
                                                            TraciDomain.TRAFFIC_LIGHT,
                                                            light,
                                                            VARIABLES))
                                    .toList(),
                            List.of(),
                            "",
                            0),
                    listener.names());
            session.read(listener);
            session.finish();
        }
        return IntStream.range(0, lights.size())
                .boxed()
                .collect(Collectors.toMap(lights::get, listener::of));
    }
}
