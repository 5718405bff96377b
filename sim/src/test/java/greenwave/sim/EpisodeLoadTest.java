package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.net.Network;
import greenwave.sim.signal.Reading;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Episodes that a SUMO loads after another are those of as many processes; and what may happen on the way. */
@Timeout(120)
class EpisodeLoadTest {
    private static final int WORLDS = 2;
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private static Played undisturbed;

    @TempDir private Path folder;

    @BeforeAll
    static void playUndisturbed() {
        undisturbed = Played.undisturbed(builder().respawn(), DECISIONS);
    }

    @AfterEach
    void removeFaults() {
        FaultySumo.remove();
    }

    /** All that was played, and the processes that played it. */
    private record Play(Played played, Set<Long> processes, long recovered) {
        static Play of(final SumoVecEnvBuilder builder, final int decisions) {
            final Set<Long> processes = new HashSet<>();
            try (SumoVecEnv env = builder.open()) {
                final Played played =
                        Played.of(
                                env,
                                decisions,
                                decision ->
                                        Leftovers.sumos()
                                                .forEach(sumo -> processes.add(sumo.pid())));
                return new Play(played, processes, env.recovered());
            }
        }
    }

    private static void assertSame(
            final SumoVecEnvBuilder loading, final SumoVecEnvBuilder other, final int decisions) {
        final Play respawned = Play.of(other.respawn(), decisions);
        final Play loaded = Play.of(loading, decisions);
        final int episodes = respawned.played.ends.size();
        assertTrue(episodes >= 3 * WORLDS, "episodes: " + episodes);
        loaded.played.assertSame(respawned.played);
        assertEquals(
                WORLDS,
                respawned.played.ends.stream()
                        .filter(end -> end.episode() == 2 && end.metrics().get("scheduled") > 0)
                        .count());
        assertEquals(WORLDS, loaded.processes.size());
        assertEquals(episodes + WORLDS, respawned.processes.size());
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
        assertEquals(List.of(0, 1, 2), play.played.ends.stream().map(EpisodeEnd::episode).toList());
        assertEquals(3, play.processes.size());
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

    private static final int WINDOW = 60; // s, that is 12 decisions
    private static final int DECISIONS = 40; // three episodes and a third

    private static SumoVecEnvBuilder builder() {
        return SumoVecEnv.builder(Configs.grid(WINDOW)).worlds(WORLDS);
    }

    private static void survives(final int losses, final SumoVecEnvBuilder disturbed) {
        Leftovers.assertNone(
                () -> {
                    final Play play = Play.of(disturbed, DECISIONS);
                    play.played.assertSame(undisturbed);
                    assertEquals(losses, play.recovered);
                    assertEquals(losses, play.played.recovered());
                });
    }

    /** {@return the seed of the second world's second episode} */
    private static int secondSeed() {
        return (int)
                undisturbed.ends.stream()
                        .filter(end -> end.world() == 1 && end.episode() == 1)
                        .findFirst()
                        .orElseThrow()
                        .seed();
    }

    /** The scenario's own traffic, but something happens when one episode's is written. */
    private record Disturbed(int seed, IoFunction instead) implements Demand {
        interface IoFunction {
            String apply(String whole) throws IOException;
        }

        @Override
        public List<Path> write(final Path world, final int chosen) throws IOException {
            final String whole = Files.readString(Configs.grid(WINDOW).routes().getFirst());
            return List.of(
                    Files.writeString(
                            world.resolve("traffic.rou.xml"),
                            chosen == seed ? instead.apply(whole) : whole));
        }
    }

    private static final String NOWHERE =
            "<trip id=\"lost\" depart=\"0\" from=\"no\" to=\"where\"/>";

    private static String misled(final String whole) {
        return whole.replaceFirst("<routes[^>]*>", "$0" + NOWHERE); // later ones are read later
    }

    @Test
    void inputThatIsRefusedOnceLeavesTheEndedEpisodeAsItWas() {
        final List<Integer> written = new ArrayList<>();
        survives(
                1,
                builder()
                        .demand(
                                new Disturbed(
                                        secondSeed(),
                                        whole -> {
                                            written.add(1);
                                            return written.size() == 1 ? misled(whole) : whole;
                                        })));
        assertEquals(2, written.size(), "the process that refuses gets what was to be loaded");
    }

    /** Hears of ended episodes, of any world. */
    private record Ends(List<EpisodeEnd> heard) implements WorldListener {
        @Override
        public Set<Reading> readings() {
            return Set.of();
        }

        @Override
        public void onStart(final WorldView now) {}

        @Override
        public void onDecision(final WorldView now) {}

        @Override
        public void onEnd(final EpisodeEnd end) {
            synchronized (heard) {
                heard.add(end);
            }
        }
    }

    @Test
    void inputThatIsAlwaysRefusedEndsTheRunAfterTheEndedEpisodeIsTold() {
        final List<EpisodeEnd> ends = new ArrayList<>();
        final SumoVecEnvBuilder disturbed =
                builder()
                        .demand(new Disturbed(secondSeed(), EpisodeLoadTest::misled))
                        .listener(_ -> new Ends(ends));
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = disturbed.open()) {
                        final String message =
                                assertThrows(
                                                SumoException.class,
                                                () -> Played.of(env, DECISIONS, decision -> {}))
                                        .getMessage();
                        assertTrue(
                                message.startsWith("sumo: world=1, t=0.0 s, ")
                                        && message.contains("SUMO ended with status 1: Error: ")
                                        && message.contains("'lost'"),
                                message);
                    }
                });
        assertEquals(
                undisturbed.ends.stream()
                        .filter(end -> end.episode() == 0)
                        .map(end -> end.metrics().toString())
                        .sorted()
                        .toList(),
                ends.stream().map(end -> end.metrics().toString()).sorted().toList());
    }

    @Test
    void aSumoKilledBeforeItHasWrittenTheEndedEpisodeIsBroughtBack() {
        final List<Long> killed = new ArrayList<>();
        survives(
                1,
                builder()
                        .demand(
                                new Disturbed(
                                        secondSeed(),
                                        whole -> {
                                            if (killed.isEmpty()) {
                                                final ProcessHandle victim = sumo(1);
                                                victim.destroyForcibly();
                                                victim.onExit().join();
                                                killed.add(victim.pid());
                                            }
                                            return whole;
                                        })));
        assertFalse(killed.isEmpty());
    }

    private static ProcessHandle sumo(final int world) {
        return Leftovers.sumos().stream()
                .filter(sumo -> sumo.info().commandLine().orElse("").contains("world-" + world))
                .findFirst()
                .orElseThrow();
    }

    /** The second episode's trips go where SUMO waits for somebody to read them: it loads for ever. */
    private static final String STUCK =
            """
            trips=$(echo "$@" | sed 's/.*--tripinfo-output \\([^ ]*\\).*/\\1/')
            odd=$(dirname "$trips")/tripinfo-odd.xml
            case "$*" in *world-1*) if once stuck; then mkfifo "$odd"; elif [ -p "$odd" ]; then rm "$odd"; fi;; esac
            exec $SUMO "$@"
            """;

    @Test
    void aSumoThatHangsWhileItLoadsIsReplacedAndNothingIsLost() throws Exception {
        FaultySumo.install(folder, STUCK);
        survives(0, builder().patience(PATIENCE));
        assertTrue(Files.exists(folder.resolve("stuck")));
    }

    @Test
    void soIsOneThatIsKilledWhileItLoads() throws Exception {
        FaultySumo.install(folder, STUCK);
        final Thread killer = Thread.ofPlatform().unstarted(EpisodeLoadTest::killOnceStuck);
        killer.setDaemon(true);
        killer.start();
        survives(0, builder());
        killer.join();
    }

    /** Waits until the ended episode's trips are whole. */
    private static void killOnceStuck() {
        final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            while (true) {
                for (final Path env : Leftovers.folders(temporary, ProcessHandle.current().pid())) {
                    final Path trips = env.resolve("world-1/tripinfo.xml");
                    final Path fifo = env.resolve("world-1/tripinfo-odd.xml");
                    if (Files.exists(fifo)
                            && !Files.isRegularFile(fifo)
                            && Files.exists(trips)
                            && Files.readString(trips).strip().endsWith("</tripinfos>")) {
                        sumo(1).destroyForcibly();
                        return;
                    }
                }
                Thread.sleep(5);
            }
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tripsOfALoadedEpisodeThatAreCutShortCountAsACrash() throws Exception {
        FaultySumo.install(
                folder,
                """
                trips=$(echo "$@" | sed 's/.*--tripinfo-output \\([^ ]*\\).*/\\1/')
                odd=$(dirname "$trips")/tripinfo-odd.xml
                if once full; then ln -s /dev/full "$odd"; elif [ -h "$odd" ]; then rm "$odd"; fi
                exec $SUMO "$@"
                """);
        survives(1, builder());
        assertTrue(Files.exists(folder.resolve("full")));
    }
}
