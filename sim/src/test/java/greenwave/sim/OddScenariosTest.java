package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.sim.net.Network;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Diagnosis;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.StandardPhases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Whole scenarios as users have them: programs, demand, windows, steps and names of every kind. */
class OddScenariosTest {
    @TempDir Path folder;

    /** Plays an episode in which every signal takes its greens in turn, four decisions each. */
    private static EpisodeEnd play(final SumoVecEnvBuilder builder) {
        try (SumoVecEnv env = builder.open()) {
            StepBatch batch = env.reset(1);
            for (int k = 0; batch.ended().isEmpty(); k++) {
                final int[][] actions = new int[env.spec().groups().size()][];
                for (int g = 0; g < actions.length; g++) {
                    actions[g] = new int[env.spec().rows(g)];
                    Arrays.fill(actions[g], k / 4 % env.spec().groups().get(g).actions());
                }
                batch = env.step(actions);
            }
            return batch.ended().getFirst();
        }
    }

    private static SumoConfig with(
            final SumoConfig config, final List<Path> routes, final List<Path> additional) {
        return new SumoConfig(
                config.name(),
                config.network(),
                routes,
                additional,
                config.begin(),
                config.end(),
                config.options());
    }

    @ParameterizedTest
    @ValueSource(strings = {"actuated", "delay_based"})
    void aProgramOfAnotherTypeGivesWayToOurs(final String type) throws Exception {
        final SumoConfig config = new OddNetworks(folder).cross("--tls.default-type", type);
        final Diagnosis light = diagnose(config).getFirst();
        assertTrue(light.oddities().contains("program of type " + type), light.toString());
        final Shown shown = new Shown();
        final EpisodeEnd end = play(SumoVecEnv.builder(config).listener(_ -> shown));
        assertTrue(end.metrics().get("finished") > 50, end.toString());
        // four decisions of 5 s per green: theirs would have changed at other times
        assertEquals(shown.states.get(0), shown.states.get(3));
        assertEquals(shown.states.get(4), shown.states.get(7));
        assertNotEquals(shown.states.get(3), shown.states.get(4));
    }

    private static final class Shown implements WorldListener {
        private final List<String> states = new ArrayList<>();

        @Override
        public Set<Reading> readings() {
            return Set.of(Reading.STATE);
        }

        @Override
        public void onStart(final WorldView now) {}

        @Override
        public void onDecision(final WorldView now) {
            states.add(now.signals().getFirst().state());
        }
    }

    private static List<Diagnosis> diagnose(final SumoConfig config) {
        return Diagnosis.of(
                Network.read(config.network(), config.additional()),
                new ProgramPhases(Compat.NONE));
    }

    /** SUMO checks programs of additional files for ways that wait for each other, but not a network's. */
    @Test
    void aPhaseThatSumoTakesFromNetworksOnlyIsPlayed() throws Exception {
        final SumoConfig config = new OddNetworks(folder).cross();
        final String net = Files.readString(config.network());
        final String plan = net.substring(net.indexOf("<tlLogic"), net.indexOf("</tlLogic>"));
        final int links = plan.replaceFirst("(?s).*?state=\"(\\w+)\".*", "$1").length();
        Files.writeString(
                config.network(),
                "<!-- <junction -->"
                        + net.substring(net.indexOf("<net"), net.indexOf("<tlLogic"))
                        + "<tlLogic id=\"lights\" type=\"static\" programID=\"-1\" offset=\"0\">"
                        + "<phase duration=\"20\" state=\"%s\"/><phase duration=\"20\" state=\"%s\"/></tlLogic>"
                                .formatted("o".repeat(links), "s".repeat(links - 1) + "G")
                        + net.substring(net.indexOf("<tlLogic")));
        final Shown shown = new Shown();
        final ActionSpace theirs = new ProgramPhases(Compat.SUMO_RL);
        play(SumoVecEnv.builder(config).actions(theirs).listener(_ -> shown));
        assertEquals("o".repeat(links), shown.states.getFirst());
        assertTrue(shown.states.contains("s".repeat(links - 1) + "G"), shown.states::toString);
    }

    @Test
    void thereNeedBeNoVehicles() throws Exception {
        final SumoConfig cross = new OddNetworks(folder).cross();
        final Path empty = Files.writeString(folder.resolve("none.rou.xml"), "<routes/>");
        for (final List<Path> routes : List.of(List.<Path>of(), List.of(empty))) {
            final EpisodeEnd end = play(SumoVecEnv.builder(with(cross, routes, List.of())));
            assertEquals(0.0, end.metrics().get("scheduled"));
            assertEquals(0.0, end.metrics().get("delay"));
            assertEquals(0.0, end.totalReward());
        }
    }

    @Test
    void namesMayHoldWhatSumoAllows() throws Exception {
        final Path odd = Files.createDirectory(folder.resolve("Über uns & mehr"));
        final SumoConfig cross = new OddNetworks(odd).cross();
        final String name = "Плац#1/ä&amp;€_東";
        for (final Path file : List.of(cross.network(), cross.routes().getFirst())) {
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("\"lights\"", "\"" + name + "\"")
                            .replace("\"NC\"", "\"-N/C#1\"")
                            .replace("\"NC_", "\"-N/C#1_")
                            .replace(" NC_", " -N/C#1_"));
        }
        final EpisodeEnd end = play(SumoVecEnv.builder(cross));
        assertTrue(end.metrics().get("finished") > 50, end.toString());
        assertEquals("Плац#1/ä&€_東", diagnose(cross).getFirst().id());
        play(SumoVecEnv.builder(cross).actions(new StandardPhases(PhaseTable.STANDARD)));
    }

    @Test
    void aConfigurationMayNameSeveralFilesBeginLateAndStepFinely() throws Exception {
        final SumoConfig cross = new OddNetworks(folder).cross();
        final String flows = Files.readString(cross.routes().getFirst());
        final int middle = flows.indexOf("<flow", flows.length() / 2);
        write("one.rou.xml", flows.substring(0, middle) + "</routes>");
        write("two.rou.xml", "<routes>" + flows.substring(middle));
        write("types.add.xml", "<additional><vType id=\"slow\" maxSpeed=\"9\"/></additional>");
        write(
                "more.add.xml",
                "<additional><vehicle id=\"late\" type=\"slow\" depart=\"130\"><route edges=\"WC CE\"/></vehicle></additional>");
        write(
                "late.sumocfg",
                """
                <configuration>
                    <net-file value="odd.net.xml"/>
                    <route-files value="one.rou.xml, two.rou.xml"/>
                    <additional-files value="types.add.xml,more.add.xml"/>
                    <begin value="0:02:00"/><end value="320"/>
                    <step-length value="0.5"/>
                </configuration>
                """);
        try (Scenario late = Scenarios.open(folder.resolve("late.sumocfg").toString())) {
            final Shown shown = new Shown();
            final EpisodeEnd end =
                    play(
                            SumoVecEnv.builder(late.sumo())
                                    .timing(new SignalTiming(5, 3, 5, 50, false))
                                    .listener(_ -> shown));
            assertEquals(0.5, late.sumo().stepLength());
            assertEquals(40, end.decisions());
            assertEquals(40, shown.states.size());
            final Path trips = folder.resolve("trips.xml");
            PlainSumo.writeTrips(late.sumo(), 1, trips);
            final TripMetrics plain = TripInfo.read(trips, 120, 320);
            assertEquals(plain.scheduled(), end.metrics().get("scheduled"));
            assertTrue(end.metrics().get("finished") > 30, end.toString());
            assertEquals(
                    plain.delay(),
                    fixedTime(late.sumo()).metrics().get("delay"),
                    1e-9,
                    "the same as SUMO alone");
        }
    }

    private static EpisodeEnd fixedTime(final SumoConfig config) {
        return play(SumoVecEnv.builder(config).fixedTime(true).episodeSeed((_, _) -> 1));
    }

    private void write(final String name, final String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void railSignalsAndLevelCrossingsAreNamedAndLeftAlone() throws Exception {
        final SumoConfig config = new OddNetworks(folder).levelCrossing();
        final List<Diagnosis> all = diagnose(config);
        assertEquals(List.of("lights", "rail", "signal"), all.stream().map(Diagnosis::id).toList());
        assertEquals(2, all.getFirst().greens());
        for (final Diagnosis rail : all.subList(1, 3)) {
            assertTrue(rail.refusal().isPresent(), rail.toString());
        }
        final EpisodeEnd end = play(SumoVecEnv.builder(config));
        assertTrue(end.metrics().get("finished") > 30, end.toString());
    }
}
