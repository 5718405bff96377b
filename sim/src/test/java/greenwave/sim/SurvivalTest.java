package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** What a real SUMO can do to a run, and that the run goes on as if nothing had been. */
@Timeout(120)
class SurvivalTest {
    private static final int WORLDS = 2;
    private static final int WINDOW = 60; // s, that is 12 decisions
    private static final int DECISIONS = 30; // two episodes and a half

    /** Long enough for threads that wait for a busy processor. */
    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private static Played undisturbed;

    @TempDir private Path folder;

    @BeforeAll
    static void playUndisturbed() {
        undisturbed = Played.undisturbed(builder(), DECISIONS);
        assertEquals(0, undisturbed.recovered());
    }

    @AfterEach
    void removeFaults() {
        FaultySumo.remove();
    }

    private static SumoVecEnvBuilder builder() {
        return SumoVecEnv.builder(Configs.grid(WINDOW)).worlds(WORLDS);
    }

    /** Plays {@code disturbed} and checks that all worlds did what they do undisturbed. */
    private static void survives(
            final int losses, final SumoVecEnvBuilder disturbed, final IntConsumer before) {
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = disturbed.open()) {
                        final Played played = Played.of(env, DECISIONS, before);
                        played.assertSame(undisturbed);
                        assertEquals(losses, env.recovered());
                        assertEquals(losses, played.recovered());
                    }
                });
    }

    private static SumoException fails(final SumoVecEnvBuilder disturbed) {
        final SumoException[] failure = new SumoException[1];
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = disturbed.open()) {
                        failure[0] =
                                assertThrows(
                                        SumoException.class,
                                        () -> Played.of(env, DECISIONS, (decision, batch) -> {}));
                        assertEquals(List.of(), Leftovers.sumos());
                    }
                });
        return failure[0];
    }

    private static ProcessHandle sumo(final int world) {
        return Leftovers.sumos().stream()
                .filter(sumo -> sumo.info().commandLine().orElse("").contains("world-" + world))
                .findFirst()
                .orElseThrow();
    }

    private static void send(final String signal, final ProcessHandle process) {
        try {
            final Process kill = new ProcessBuilder("kill", signal, "" + process.pid()).start();
            assertEquals(0, kill.waitFor());
        } catch (final IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "decision {0}")
    @ValueSource(ints = {0, 7, 12})
    void aKilledWorldIsBroughtBackToWhereItWas(final int when) {
        survives(
                1,
                builder(),
                decision -> {
                    if (decision == when) {
                        sumo(1).destroyForcibly();
                    }
                });
    }

    @Test
    void soIsOneThatIsKilledWhileItSteps() throws Exception {
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().open()) {
                        final Played played =
                                Played.of(
                                        env,
                                        DECISIONS,
                                        decision -> {
                                            if (decision == 5 || decision == 15) {
                                                final ProcessHandle victim = sumo(1);
                                                Thread.ofPlatform().start(victim::destroyForcibly);
                                            }
                                        });
                        played.assertSame(undisturbed);
                        assertEquals(2, env.recovered());
                    }
                });
    }

    @Test
    void anAnswerThatIsLeftLyingIsNoHang() {
        final long late = PATIENCE.multipliedBy(4).toNanos();
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().patience(PATIENCE).open()) {
                        env.reset(7);
                        final int[][] actions = new int[env.spec().groups().size()][];
                        Arrays.setAll(actions, group -> new int[env.spec().rows(group)]);
                        env.send(actions);
                        for (final long end = System.nanoTime() + late;
                                System.nanoTime() - end < 0; ) {
                            LockSupport.parkNanos(late);
                        }
                        env.recv();
                        assertEquals(0, env.recovered());
                    }
                });
    }

    @Test
    void aWorldThatHangsIsReplaced() {
        survives(
                1,
                builder().patience(PATIENCE),
                decision -> {
                    if (decision == 8) {
                        send("-STOP", sumo(0));
                    }
                });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    at its start     | if once hang; then kill -STOP $$; fi; exec $SUMO "$@"
                    at its end       | if once hang; then $SUMO "$@"; kill -STOP $$; fi; exec $SUMO "$@"
                    dead at its end  | if once die; then $SUMO "$@"; exit 9; fi; exec $SUMO "$@"
                    dead at its start| if once die; then kill -SEGV $$; fi; exec $SUMO "$@"
                    """)
    void wheneverItHappens(final String when, final String script) throws Exception {
        FaultySumo.install(folder, script);
        survives(1, builder().patience(PATIENCE), decision -> {});
    }

    @Test
    void anOutputCutShortCountsAsACrash() throws Exception {
        // as on a full disk: SUMO's writes fail, and it says nothing and exits with 0
        FaultySumo.install(
                folder, "trap '' XFSZ; if once full; then ulimit -f 1; fi; exec $SUMO \"$@\"");
        survives(1, builder(), decision -> {});
    }

    @Test
    void aFullDiskCountsAsACrash() throws Exception {
        try (FullDisk disk = FullDisk.mount()) {
            assumeTrue(disk.refusal() == null, "no tmpfs can be mounted here: " + disk.refusal());
            FaultySumo.install(
                    folder,
                    """
                    trips=$(echo "$@" | sed 's/.*--tripinfo-output \\([^ ]*\\).*/\\1/')
                    if once full; then ln -s '%s' "$trips"; elif [ -h "$trips" ]; then rm "$trips"; fi
                    exec $SUMO "$@"
                    """
                            .formatted(disk.path().resolve("tripinfo.xml")));
            survives(1, builder(), decision -> {});
            assertEquals(FullDisk.BYTES, Files.size(disk.path().resolve("tripinfo.xml")));
        }
    }

    @Test
    void anOutputThatIsAlwaysCutShortEndsTheRun() throws Exception {
        FaultySumo.install(folder, "trap '' XFSZ; ulimit -f 1; exec $SUMO \"$@\"");
        final String message = fails(builder()).getMessage();
        assertTrue(
                message.matches(
                        "sumo: world=0, t=60.0 s, command=close: SUMO's output is cut short or"
                                + " damaged, as by a full disk: .*tripinfo.xml:\\d+: .*; SUMO ended with"
                                + " status 0: no error output"),
                message);
    }

    @Test
    void aCrashInTheReplayCountsToo() {
        final AtomicInteger kills = new AtomicInteger();
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().restarts(2).open()) {
                        final Thread killer =
                                Thread.ofPlatform()
                                        .unstarted(
                                                () -> {
                                                    while (kills.get() < 3) {
                                                        kill(1, kills);
                                                    }
                                                });
                        final SumoException e =
                                assertThrows(
                                        SumoException.class,
                                        () ->
                                                Played.of(
                                                        env,
                                                        DECISIONS,
                                                        decision -> {
                                                            if (decision == 9) {
                                                                kill(1, kills); // in this episode
                                                                killer.start();
                                                            }
                                                        }));
                        assertTrue(
                                e.getMessage()
                                        .matches(
                                                "sumo: world=1, t=.*SUMO ended with status 137:"
                                                        + " .*given up after restarts=2 \\(episode 0,"
                                                        + " seed \\d+\\)"),
                                e.getMessage());
                        assertEquals(3, kills.get());
                    }
                });
    }

    private static void kill(final int world, final AtomicInteger kills) {
        for (final ProcessHandle sumo : Leftovers.sumos()) {
            if (sumo.info().commandLine().orElse("").contains("world-" + world)
                    && sumo.destroyForcibly()) {
                kills.incrementAndGet();
                sumo.onExit().join();
            }
        }
    }

    @Test
    void anotherResultOfTheSameActionsIsAnError() throws Exception {
        FaultySumo.install(
                folder,
                "if once first; then exec $SUMO \"$@\"; fi;"
                        + " exec $SUMO $(echo \"$@\" | sed 's/--seed [0-9]*/--seed 5/')");
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().worlds(1).open()) {
                        final String message =
                                assertThrows(
                                                SumoException.class,
                                                () ->
                                                        Played.of(
                                                                env,
                                                                DECISIONS,
                                                                decision -> {
                                                                    if (decision == 9) {
                                                                        sumo(0).destroyForcibly();
                                                                    }
                                                                }))
                                        .getMessage();
                        assertTrue(
                                message.matches(
                                        "sumo: world=0, episode=0, seed=\\d+: played again after a"
                                                + " crash, decision \\d+ of 9 came out different,"
                                                + " expected the same from the same seed and actions;"
                                                + " on-crash=truncate does without"),
                                message);
                    }
                });
    }

    /** Writes the scenario's own traffic, but to one world's second episode something else. */
    private static final class Corrupting implements Demand {
        private final int seed;
        private int attempts;

        Corrupting(final int seed, final int attempts) {
            this.seed = seed;
            this.attempts = attempts;
        }

        @Override
        public synchronized List<Path> write(final Path world, final int chosen)
                throws IOException {
            final Path file = world.resolve("traffic.rou.xml");
            final String whole = Files.readString(Configs.grid(WINDOW).routes().getFirst());
            final boolean corrupt = chosen == seed && attempts-- > 0;
            return List.of(
                    Files.writeString(
                            file, corrupt ? whole.substring(0, whole.indexOf("<", 300)) : whole));
        }
    }

    @Test
    void aRouteFileThatIsDamagedForAMomentIsReadAgain() {
        final int second = (int) undisturbed.ends.get(WORLDS + 1).seed();
        survives(1, builder().demand(new Corrupting(second, 1)), decision -> {});
    }

    @Test
    void aRouteFileThatStaysDamagedEndsTheRun() {
        final int second = (int) undisturbed.ends.get(WORLDS + 1).seed();
        final Corrupting demand = new Corrupting(second, Integer.MAX_VALUE);
        final String message = fails(builder().demand(demand)).getMessage();
        assertTrue(
                message.startsWith("sumo: world=1, t=0.0 s, ")
                        && message.contains("SUMO ended with status 1: Error: ")
                        && message.contains("traffic.rou.xml"),
                message);
    }

    @Test
    void anEpisodeMayBeCutOffInstead() {
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().onCrash(OnCrash.TRUNCATE).open()) {
                        final float[][] seen = new float[2][];
                        final Played played =
                                Played.of(
                                        env,
                                        DECISIONS,
                                        (decision, group) -> {
                                            final Rows rows = new Rows(group, env, 1);
                                            if (decision == 9) {
                                                seen[0] = rows.obs(group.obs());
                                                sumo(1).destroyForcibly();
                                            }
                                            if (decision == 10) {
                                                rows.assertCutOff(seen[0]);
                                            }
                                            if (decision == 11) {
                                                rows.assertGoOn();
                                            }
                                        });
                        played.assertSame(undisturbed, 0);
                        assertEquals(1, env.recovered());
                        final EpisodeEnd cut = played.ends.getFirst();
                        assertEquals(1, cut.world());
                        assertEquals(10, cut.decisions());
                        assertEquals(1, cut.recovered());
                        assertTrue(cut.metrics().values().stream().allMatch(x -> x.isNaN()));
                        assertEquals(
                                undisturbed.ends.getFirst().metrics().keySet(),
                                cut.metrics().keySet());
                    }
                });
    }

    /** One world's rows of a batch. */
    private record Rows(GroupBatch group, SumoVecEnv env, int world) {
        private int agents() {
            return env.spec().onlyGroup().agents().size();
        }

        float[] obs(final MemorySegment column) {
            final int size = agents() * env.spec().onlyGroup().obsSize();
            final long bytes = (long) size * Float.BYTES;
            return column.asSlice(world * bytes, bytes).toArray(ValueLayout.JAVA_FLOAT);
        }

        private byte[] flags(final MemorySegment column) {
            return column.asSlice((long) world * agents(), agents()).toArray(ValueLayout.JAVA_BYTE);
        }

        void assertCutOff(final float[] lastSeen) {
            final byte[] set = new byte[agents()];
            Arrays.fill(set, (byte) 1);
            assertArrayEquals(set, flags(group.truncated()));
            assertArrayEquals(set, flags(group.lost()));
            assertArrayEquals(new byte[agents()], flags(group.terminated()));
            assertArrayEquals(lastSeen, obs(group.finalObs()));
            assertFalse(Arrays.equals(lastSeen, obs(group.obs())), "the next episode's first");
            for (int agent = 0; agent < agents(); agent++) {
                assertEquals(
                        0,
                        group.reward()
                                .getAtIndex(ValueLayout.JAVA_FLOAT, world * agents() + agent));
            }
        }

        void assertGoOn() {
            assertArrayEquals(new byte[agents()], flags(group.truncated()));
            assertArrayEquals(new byte[agents()], flags(group.lost()));
        }
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertEquals(
                "SumoVecEnv: restarts=-1, expected at least 0",
                assertThrows(IllegalArgumentException.class, () -> builder().restarts(-1))
                        .getMessage());
        assertEquals(
                "SumoVecEnv: patience=PT0S, expected at least 1 ms",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> builder().patience(Duration.ZERO))
                        .getMessage());
        assertEquals(
                "on_crash=retry, expected replay or truncate",
                assertThrows(IllegalArgumentException.class, () -> OnCrash.named("retry"))
                        .getMessage());
    }
}
