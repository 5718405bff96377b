package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.signal.Reading;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What may happen while a SUMO loads the next episode: the ended one stays as it was, and so do other worlds. */
@Timeout(120)
class LoadFaultsTest {
    private static final int WORLDS = 2;
    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final int WINDOW = 60; // s, that is 12 decisions
    private static final int DECISIONS = 40; // three episodes and a third

    private static Played undisturbed;

    @BeforeAll
    static void playUndisturbed() {
        undisturbed = Played.undisturbed(builder().respawn(), DECISIONS);
    }

    private static SumoVecEnvBuilder builder() {
        return SumoVecEnv.builder(Configs.grid(WINDOW)).worlds(WORLDS);
    }

    private static void survives(final int losses, final SumoVecEnvBuilder disturbed) {
        Leftovers.assertNone(
                () -> {
                    final Play play = Play.of(disturbed, DECISIONS);
                    play.played().assertSame(undisturbed);
                    assertEquals(losses, play.recovered());
                    assertEquals(losses, play.played().recovered());
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
}
