package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.sim.net.Network;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Diagnosis;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.StandardPhases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What real networks have: it is named, and the rest works. */
class OddNetworksTest {
    @TempDir Path folder;

    private static List<String> oddities(final SumoConfig config) {
        final List<Diagnosis> all =
                Diagnosis.of(
                        Network.read(config.network(), config.additional()),
                        new ProgramPhases(Compat.NONE));
        return all.getFirst().oddities();
    }

    /** Plays an episode and tells that traffic gets through. */
    private static Signal play(final SumoVecEnvBuilder builder) {
        try (SumoVecEnv env = builder.open()) {
            StepBatch batch = env.reset(1);
            final int actions = env.spec().onlyGroup().actions();
            for (int k = 0; batch.ended().isEmpty(); k++) {
                final int green = k / 4 % actions;
                batch =
                        env.step(
                                new int[][] {{env.signals().getFirst().legal(green) ? green : -1}});
            }
            final EpisodeEnd end = batch.ended().getFirst();
            assertTrue(end.metrics().get("finished") > 50, end.toString());
            return env.signals().getFirst();
        }
    }

    private static Signal standard(final SumoConfig config) {
        return play(
                SumoVecEnv.builder(config)
                        .actions(new StandardPhases(PhaseTable.STANDARD))
                        .observation(new RoadObservation(RoadObservation.Order.CLOCKWISE)));
    }

    @Test
    void pedestrianCrossingsShareTheStandardPhases() throws Exception {
        final SumoConfig config = new OddNetworks(folder).crossings();
        assertTrue(oddities(config).contains("4 pedestrian crossings"), oddities(config)::toString);
        final Signal signal = standard(config);
        assertEquals("lights", signal.id());
        assertEquals(
                List.of("NC", "EC", "SC", "WC"),
                signal.incomingRoads().stream().map(r -> r.id()).toList());
        // crossings of N, E, S, W; straight on from N and S leaves those of E and W free
        assertEquals("rGrG", signal.greens().get(1).substring(20));
        assertEquals("GrGr", signal.greens().get(3).substring(20));
        assertEquals(
                8, play(SumoVecEnv.builder(config)).lanes().size(), "walking areas are no lanes");
    }

    @Test
    void trafficMayKeepToTheLeft() throws Exception {
        final SumoConfig config = new OddNetworks(folder).cross("--lefthand", "--no-turnarounds");
        assertTrue(oddities(config).contains("left-hand traffic"));
        final Signal signal = standard(config);
        // by link from S, E, N, W: left, straight, straight, right
        assertEquals("gGGrrrrrgGGrrrrr", signal.greens().get(1));
        assertEquals(
                "grrGrrrrgrrGrrrr", signal.greens().get(0), "the turn that waits is the right");
        // of the road from the north, whose links come third; general-tls takes them for the first
        assertEquals("rrrrrrrrgGGGrrrr", signal.greens().get(4));
        assertEquals("gGGGrrrrrrrrrrrr", byTable(config).get(4));
    }

    @Test
    void waysThatCrossAreNotOpenedTogetherWhereRoadsMeetAtOddAngles() throws Exception {
        final SumoConfig fan = new OddNetworks(folder).fan();
        assertNotEquals(byAngle(fan), byTable(fan));
        final SumoConfig cross = new OddNetworks(folder).cross();
        assertEquals(byAngle(cross), byTable(cross));
    }

    private static List<String> byAngle(final SumoConfig config) {
        final Network network = Network.read(config.network(), List.of());
        return new StandardPhases(PhaseTable.STANDARD)
                .signal(network.trafficLights().getFirst(), network)
                .greens();
    }

    private static List<String> byTable(final SumoConfig config) {
        final Network network = Network.read(config.network(), List.of());
        return StandardPhases.generalTls(RoadObservation.Order.INCOMING)
                .signal(network.trafficLights().getFirst(), network)
                .greens();
    }

    @Test
    void joinedJunctionsAreOneSignal() throws Exception {
        final SumoConfig config = new OddNetworks(folder).joined();
        assertTrue(oddities(config).contains("spans 2 junctions"), oddities(config)::toString);
        play(SumoVecEnv.builder(config));
    }

    @Test
    void tramLanesAreNamed() throws Exception {
        final SumoConfig config = new OddNetworks(folder).tram();
        assertTrue(oddities(config).contains("1 tram lane"), oddities(config)::toString);
        standard(config);
    }

    @Test
    void programsMayHoldAnything() throws Exception {
        final SumoConfig config =
                new OddNetworks(folder)
                        .programs(
                                """
                                <tlLogic id="lights" type="static" programID="-1" offset="0">
                                    <phase duration="9" state="GGGrrrrrrrrrrrrrrrrr"/>
                                </tlLogic>
                                <tlLogic id="lights" type="static" programID="-2" offset="0">
                                    <phase duration="20" state="GGGGOrrrrrGGGGOrrrrrGG"/>
                                    <phase duration="20" state="GGGGOrrrrrGGGGOrrrrrGG"/>
                                    <phase duration="3" state="yyyyyrrrrryyyyyrrrrrGG"/>
                                    <phase duration="2" state="rrrrrrrrrrrrrrrrrrrrrr"/>
                                    <phase duration="1" state="rrrrruuuuurrrrruuuuurr"/>
                                    <phase duration="20" state="rrrrrGGGGorrrrrGGGGorr"/>
                                    <phase duration="3" state="rrrrryyyyyrrrrryyyyyrr"/>
                                </tlLogic>
                                """);
        assertEquals(
                List.of(
                        "programs -1, -2, 0, of which -2 runs",
                        "1 repeated green phase",
                        "1 all-red phase",
                        "letters O o u",
                        "1 change from green to red without yellow in the program",
                        "2 link indices that nothing uses"),
                oddities(config));
        final Signal signal = play(SumoVecEnv.builder(config));
        assertEquals(List.of("GGGGOrrrrrGGGGOrrrrrGG", "rrrrrGGGGorrrrrGGGGorr"), signal.greens());
        assertEquals("yyyyyrrrrryyyyyrrrrryy", signal.yellow(0, 1));
    }

    @Test
    void aSignalThatCannotBeControlledKeepsItsProgramBesideOthers() throws Exception {
        final Path network = folder.resolve("pair.net.xml");
        final Path given = Path.of("src/test/resources/pair/pair.net.xml");
        final String text = Files.readString(given);
        Files.writeString(network, text);
        final Network both = Network.read(network, List.of());
        assertFalse(both.trafficLights().isEmpty());
        final Path more = folder.resolve("only.add.xml");
        final String first = both.trafficLights().getFirst().id();
        final int letters =
                both.trafficLights()
                        .getFirst()
                        .programs()
                        .getFirst()
                        .phases()
                        .getFirst()
                        .state()
                        .length();
        onlyGreen(more, first, letters);
        final String stripped =
                text.replaceAll(
                        "(?s)<tlLogic id=\"" + first + "\".*?</tlLogic>", Files.readString(more));
        Files.writeString(network, stripped);
        final List<Diagnosis> all =
                Diagnosis.of(Network.read(network, List.of()), new ProgramPhases(Compat.NONE));
        assertEquals(
                "signal %s has 1 green phase, expected at least 2".formatted(first),
                all.getFirst().refusal().orElseThrow());
        assertTrue(all.getLast().refusal().isEmpty());
        final SumoConfig config =
                new SumoConfig(
                        "pair",
                        network,
                        List.of(Path.of("src/test/resources/pair/pair.rou.xml").toAbsolutePath()),
                        List.of(),
                        0,
                        60,
                        List.of());
        try (SumoVecEnv env = SumoVecEnv.open(config, 1)) {
            assertEquals(List.of(all.getLast().id()), env.spec().onlyGroup().agents());
            env.reset(1);
            env.step(new int[][] {{1}});
        }
        try (SumoVecEnv env =
                SumoVecEnv.builder(config).actions(new ProgramPhases(Compat.SUMO_RL)).open()) {
            assertEquals(2, env.signals().size(), "to sumo-rl one green is enough");
            assertEquals(List.of(all.getLast().id()), env.spec().onlyGroup().agents());
            env.reset(1);
            env.step(new int[][] {{1}});
        }
    }

    private static void onlyGreen(final Path file, final String id, final int letters)
            throws IOException {
        Files.writeString(
                file,
                "<tlLogic id=\"%s\" type=\"static\" programID=\"0\" offset=\"0\"><phase duration=\"9\" state=\"%s\"/></tlLogic>"
                        .formatted(id, "G".repeat(letters)));
    }
}
