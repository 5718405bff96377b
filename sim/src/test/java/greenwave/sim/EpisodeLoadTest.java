package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.net.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Episodes that a SUMO loads after another are those of as many processes. */
@Timeout(120)
class EpisodeLoadTest {
    private static final int WORLDS = 2;

    @TempDir private Path folder;

    private static void assertSame(
            final SumoVecEnvBuilder loading, final SumoVecEnvBuilder other, final int decisions) {
        final Play respawned = Play.of(other.respawn(), decisions);
        final Play loaded = Play.of(loading, decisions);
        final int episodes = respawned.played().ends.size();
        assertTrue(episodes >= 3 * WORLDS, "episodes: " + episodes);
        loaded.played().assertSame(respawned.played());
        assertEquals(
                WORLDS,
                respawned.played().ends.stream()
                        .filter(end -> end.episode() == 2 && end.metrics().get("scheduled") > 0)
                        .count());
        assertEquals(WORLDS, loaded.processes().size());
        assertEquals(episodes + WORLDS, respawned.processes().size());
    }

    @ParameterizedTest(name = "{0}, begin {1} s, {2} s, own demand: {3}, {4}")
    @CsvSource({
        "cross, 0, 120, false, ''",
        "cross, 0, 120, true, ''",
        "cross, 1200, 100, false, ''",
        "cross, 0, 100, false, --step-length 0.5 --lateral-resolution 0.8",
        "grid4x4, 0, 100, false, ''",
        "grid4x4, 0, 100, true, ''",
        "grid4x4, 0, 80, true, --device.rerouting.probability 0.7 --device.rerouting.period 20",
    })
    void playsWhatNewProcessesPlay(
            final String name,
            final double begin,
            final double seconds,
            final boolean ownDemand,
            final String options) {
        try (Scenario scenario = Scenarios.open(name)) {
            final SumoConfig whole = scenario.sumo();
            final List<String> all = new ArrayList<>(whole.options());
            if (!options.isEmpty()) {
                all.addAll(List.of(options.split(" ")));
            }
            final double end = begin + seconds;
            final SumoConfig config =
                    new SumoConfig(
                            name,
                            whole.network(),
                            whole.routes(),
                            whole.additional(),
                            begin,
                            end,
                            all);
            final List<SumoVecEnvBuilder> builders = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                final SumoVecEnvBuilder builder = SumoVecEnv.builder(config).worlds(WORLDS);
                builders.add(
                        ownDemand
                                ? builder.demand(
                                        new RandomFlows(
                                                Network.read(config.network(), List.of()),
                                                begin,
                                                end,
                                                Map.of(begin, 2000.0)))
                                : builder);
            }
            assertSame(builders.getFirst(), builders.getLast(), (int) (seconds / 5 * 3) + 4);
        }
    }

    /** With pedestrians, in a network with crossings. */
    @Test
    void soItDoesWithDetectorsPersonsAndReroutersBeside() throws Exception {
        final Path additional =
                Files.writeString(
                        folder.resolve("more.add.xml"),
                        """
                        <additional>
                            <inductionLoop id="e1" lane="W_in_1" pos="20" period="30" file="e1.xml"/>
                            <laneAreaDetector id="e2" lane="W_in_1" pos="20" length="30" period="30" file="e2.xml"/>
                            <vTypeDistribution id="mix">
                                <vType id="a" speedFactor="normc(1,0.2,0.5,1.5)" probability="0.5"/>
                                <vType id="b" carFollowModel="IDM" probability="0.5"/>
                            </vTypeDistribution>
                            <flow id="drawn" from="W_in" to="E_out" type="mix" begin="0" end="200" probability="0.3" departSpeed="random" departLane="random"/>
                            <personFlow id="walkers" begin="0" end="200" period="exp(0.1)">
                                <walk from="W_in" to="E_out" departPos="random"/>
                            </personFlow>
                        </additional>
                        """);
        final SumoConfig plain = Configs.of("pedx", 0, 100, List.of());
        final SumoConfig config =
                new SumoConfig(
                        "pedx",
                        plain.network(),
                        plain.routes(),
                        List.of(additional),
                        0,
                        100,
                        List.of());
        assertSame(
                SumoVecEnv.builder(config).worlds(WORLDS),
                SumoVecEnv.builder(config).worlds(WORLDS),
                64);
    }

    @ParameterizedTest
    @EnumSource(names = {"WIRE", "LIBTRACI"})
    void aNewProcessComesWhereLoadingWasNotTried(final Transport transport) {
        final List<String> options =
                transport == Transport.WIRE ? List.of("--threads", "2") : List.of();
        final Play play =
                Play.of(
                        SumoVecEnv.builder(Configs.of("cross2", 0, 10, options))
                                .transport(transport),
                        6);
        assertEquals(
                List.of(0, 1, 2), play.played().ends.stream().map(EpisodeEnd::episode).toList());
        assertEquals(3, play.processes().size());
    }

    @Test
    void aProcessIsReplacedBeforeWhatItKeepsMatters() throws Exception {
        try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(5), 1)) {
            env.reset(1);
            final List<Long> processes = new ArrayList<>();
            double first = 0;
            double last = 0;
            for (int episode = 0; episode < 102; episode++) {
                final long pid = Leftovers.sumos().getFirst().pid();
                if (!processes.contains(pid)) {
                    processes.add(pid);
                }
                if (episode == 5) {
                    first = memory(pid);
                }
                if (episode == 99) {
                    last = memory(pid);
                }
                assertEquals(1, env.step(new int[][] {{0}}).ended().size());
            }
            assertEquals(2, processes.size());
            assertTrue(last < first + 4, "MiB: " + last + ", after five episodes: " + first);
        }
    }

    /** {@return resident memory, MiB} */
    private static double memory(final long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    @Test
    void whereSumoIsStartedByAScriptThatIsRunForEachEpisode() throws Exception {
        FaultySumo.install(folder, "echo started >> \"$HERE/starts\"; exec $SUMO \"$@\"");
        try {
            final Play play = Play.of(SumoVecEnv.builder(Configs.cross(10)), 6);
            assertEquals(3, play.processes().size());
        } finally {
            FaultySumo.remove();
        }
        assertEquals(4, Files.readAllLines(folder.resolve("starts")).size());
    }
}
