package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.net.Network;
import greenwave.sim.signal.Reading;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

    /** The scenario's own traffic, but something happens when that of the second world's second episode is written. */
    private record Disturbed(AtomicInteger times, Trouble trouble) implements Demand {
        /** Makes trouble. */
        interface Trouble {
            /**
             * {@return what to write}
             *
             * @param times how often this was called before: first when the episode is to be loaded
             */
            String make(int times, Path world, String whole) throws Exception;
        }

        Disturbed(final Trouble trouble) {
            this(new AtomicInteger(), trouble);
        }

        @Override
        public List<Path> write(final Path world, final int seed) throws IOException {
            String traffic = Files.readString(Configs.grid(WINDOW).routes().getFirst());
            if (seed == secondSeed()) {
                try {
                    traffic = trouble.make(times.getAndIncrement(), world, traffic);
                } catch (final Exception e) {
                    throw new AssertionError(e);
                }
            }
            return List.of(Files.writeString(world.resolve("traffic.rou.xml"), traffic));
        }
    }

    private static final String NOWHERE =
            "<trip id=\"lost\" depart=\"0\" from=\"no\" to=\"where\"/>";

    private static String misled(final String whole) {
        return whole.replaceFirst("<routes[^>]*>", "$0" + NOWHERE); // later ones are read later
    }

    @Test
    void inputThatIsRefusedOnceLeavesTheEndedEpisodeAsItWas() {
        final Disturbed demand =
                new Disturbed((times, _, whole) -> times == 0 ? misled(whole) : whole);
        survives(1, builder().demand(demand));
        assertEquals(2, demand.times.get(), "the process that refuses gets what was to be loaded");
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
                        .demand(new Disturbed((_, _, whole) -> misled(whole)))
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
        final Disturbed demand =
                new Disturbed(
                        (times, _, whole) -> {
                            if (times == 0) {
                                final ProcessHandle victim = sumo(1);
                                victim.destroyForcibly();
                                victim.onExit().join();
                            }
                            return whole;
                        });
        survives(1, builder().demand(demand));
        assertEquals(2, demand.times.get());
    }

    private static ProcessHandle sumo(final int world) {
        return Leftovers.sumos().stream()
                .filter(sumo -> sumo.info().commandLine().orElse("").contains("world-" + world))
                .findFirst()
                .orElseThrow();
    }

    /** {@return what has the next episode's trips go where SUMO waits for a reader: it loads for ever} */
    private static Disturbed stuck(final AtomicReference<Thread> watcher, final boolean kill) {
        return new Disturbed(
                (times, world, whole) -> {
                    final Path fifo = world.resolve("tripinfo-odd.xml");
                    if (times == 0) {
                        final Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
                        assertEquals(0, made.waitFor());
                        watcher.set(
                                Thread.ofPlatform()
                                        .daemon()
                                        .start(() -> awaitStuck(sumo(1), world, fifo, kill)));
                    }
                    return whole;
                });
    }

    /** Waits until SUMO has written the ended episode and sleeps; a next process finds nothing in its way. */
    private static void awaitStuck(
            final ProcessHandle sumo, final Path world, final Path fifo, final boolean kill) {
        try {
            final Path trips = world.resolve("tripinfo.xml");
            final Path stat = Path.of("/proc/" + sumo.pid() + "/stat");
            for (int asleep = 0; asleep < 10; Thread.sleep(2)) {
                final boolean whole = Files.readString(trips).strip().endsWith("</tripinfos>");
                asleep = whole && Files.readString(stat).contains(") S ") ? asleep + 1 : 0;
            }
            Files.delete(fifo);
            if (kill) {
                sumo.destroyForcibly();
            }
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "killed: {0}")
    @ValueSource(booleans = {true, false})
    void aSumoThatIsLostWhileItLoadsIsReplacedAndNothingWithIt(final boolean kill)
            throws Exception {
        final AtomicReference<Thread> watcher = new AtomicReference<>();
        final Disturbed demand = stuck(watcher, kill);
        survives(0, builder().patience(PATIENCE).demand(demand));
        watcher.get().join();
        assertEquals(1, demand.times.get());
    }

    @Test
    void tripsOfALoadedEpisodeThatAreCutShortCountAsACrash() {
        final Disturbed demand =
                new Disturbed(
                        (times, world, whole) -> {
                            final Path trips = world.resolve("tripinfo-odd.xml");
                            Files.deleteIfExists(trips);
                            if (times == 0) {
                                Files.createSymbolicLink(trips, Path.of("/dev/full"));
                            }
                            return whole;
                        });
        survives(1, builder().demand(demand));
        assertEquals(2, demand.times.get());
    }

    @Test
    void whereSumoIsStartedByAScriptThatIsRunForEachEpisode() throws Exception {
        FaultySumo.install(folder, "echo started >> \"$HERE/starts\"; exec $SUMO \"$@\"");
        try {
            final Play play = Play.of(SumoVecEnv.builder(Configs.cross(10)), 6);
            assertEquals(3, play.processes.size());
        } finally {
            FaultySumo.remove();
        }
        assertEquals(4, Files.readAllLines(folder.resolve("starts")).size());
    }
}
