package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.signal.Signal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class SumoVecEnvTest {
    /** All that one world shows in a run, bit by bit. */
    private record Trace(List<Integer> bits, List<EpisodeEnd> ends) {
        void assertBeginsWith(final Trace other) {
            for (int i = 0; i < other.bits.size(); i++) {
                assertEquals(other.bits.get(i), bits.get(i), "value " + i);
            }
            assertEquals(other.ends, ends.subList(0, other.ends.size()));
        }
    }

    /** Plays {@code steps} decisions; actions depend on world and decision alone. */
    private static List<Trace> play(final SumoVecEnv env, final long seed, final int steps) {
        final int worlds = env.spec().worlds();
        final List<Trace> traces = new ArrayList<>();
        for (int world = 0; world < worlds; world++) {
            traces.add(new Trace(new ArrayList<>(), new ArrayList<>()));
        }
        note(env, env.reset(seed), traces);
        for (int step = 0; step < steps; step++) {
            note(env, env.step(actions(env, step)), traces);
        }
        return traces;
    }

    private static int[][] actions(final SumoVecEnv env, final int step) {
        final List<AgentGroup> groups = env.spec().groups();
        final int[][] actions = new int[groups.size()][];
        for (int group = 0; group < actions.length; group++) {
            final int agents = groups.get(group).agents().size();
            actions[group] = new int[env.spec().rows(group)];
            for (int row = 0; row < actions[group].length; row++) {
                actions[group][row] =
                        new SplittableRandom(31L * step + row / agents * 7919L + row % agents)
                                .nextInt(groups.get(group).actions());
            }
        }
        return actions;
    }

    private static void note(
            final SumoVecEnv env, final StepBatch batch, final List<Trace> traces) {
        for (int world = 0; world < traces.size(); world++) {
            for (int group = 0; group < batch.groups().size(); group++) {
                final AgentGroup shape = env.spec().groups().get(group);
                final GroupBatch columns = batch.groups().get(group);
                final int agents = shape.agents().size();
                append(traces.get(world), columns.obs(), world, agents * shape.obsSize());
                if (columns.truncated().get(ValueLayout.JAVA_BYTE, (long) world * agents) != 0) {
                    append(traces.get(world), columns.finalObs(), world, agents * shape.obsSize());
                }
                append(traces.get(world), columns.reward(), world, agents);
            }
        }
        batch.ended().forEach(end -> traces.get(end.world()).ends.add(end));
    }

    private static void append(
            final Trace trace, final MemorySegment column, final int world, final int size) {
        for (int i = 0; i < size; i++) {
            trace.bits.add(column.getAtIndex(ValueLayout.JAVA_INT, (long) world * size + i));
        }
    }

    @Test
    void severalWorldsDoWhatEachWouldDoAlone() {
        final List<Trace> together;
        try (SumoVecEnv env = SumoVecEnv.open(Configs.grid(60), 3)) {
            together = play(env, 5, 20);
            final List<Trace> again = play(env, 5, 20);
            for (int world = 0; world < 3; world++) {
                again.get(world).assertBeginsWith(together.get(world));
            }
        }
        assertFalse(
                together.get(0).bits.equals(together.get(1).bits), "each world has its own seed");
        for (int world = 0; world < 3; world++) {
            final int theWorld = world;
            try (SumoVecEnv env =
                    SumoVecEnv.builder(Configs.grid(60))
                            .episodeSeed((_, ep) -> EpisodeSeeds.derive(5, theWorld, ep))
                            .open()) {
                assertEquals(1, env.spec().groups().size());
                final Trace alone = playAs(env, world, 20);
                alone.ends.replaceAll(end -> ofWorld(theWorld, end));
                together.get(world).assertBeginsWith(alone);
            }
        }
    }

    private static EpisodeEnd ofWorld(final int world, final EpisodeEnd end) {
        return new EpisodeEnd(
                world,
                end.episode(),
                end.seed(),
                end.decisions(),
                end.totalReward(),
                end.metrics());
    }

    /** Plays a single world with the actions of world {@code world} of three. */
    private static Trace playAs(final SumoVecEnv env, final int world, final int steps) {
        final List<Trace> traces = List.of(new Trace(new ArrayList<>(), new ArrayList<>()));
        note(env, env.reset(0), traces);
        for (int step = 0; step < steps; step++) {
            final int[][] actions = new int[1][4];
            for (int agent = 0; agent < 4; agent++) {
                actions[0][agent] =
                        new SplittableRandom(31L * step + world * 7919L + agent).nextInt(2);
            }
            note(env, env.step(actions), traces);
        }
        return traces.getFirst();
    }

    @Test
    void drawsSeedsThatEvaluationNeverUses() {
        for (long seed = 0; seed < 1000; seed++) {
            final int drawn = EpisodeSeeds.derive(seed, (int) seed % 7, (int) seed % 13);
            assertTrue(drawn >= 100_000, "seed " + seed + ": " + drawn);
        }
        assertNotEquals(EpisodeSeeds.derive(1, 0, 1), EpisodeSeeds.derive(1, 1, 0));
    }

    @Test
    void restartsAWorldWithinTheStepThatEndsItsEpisode() {
        // 13 s: three decisions of 5 s, as sumo-rl splits none
        try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(13), 1)) {
            final GroupBatch rows = env.reset(1).groups().getFirst();
            final float[] first = rows.obs().toArray(ValueLayout.JAVA_FLOAT);
            final int[][] stay = {{0}};
            assertEquals(List.of(), env.step(stay).ended());
            assertEquals(List.of(), env.step(stay).ended());
            assertEquals(0, rows.truncated().get(ValueLayout.JAVA_BYTE, 0));
            final EpisodeEnd end = env.step(stay).ended().getFirst();
            assertEquals(3, end.decisions());
            assertEquals(0, end.episode());
            assertEquals(
                    List.of(
                            "delay",
                            "waiting",
                            "timeLoss",
                            "duration",
                            "finished",
                            "scheduled",
                            "gridlock"),
                    List.copyOf(end.metrics().keySet()));
            assertTrue(end.metrics().get("scheduled") > 3);
            assertEquals(1, rows.truncated().get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(0, rows.terminated().get(ValueLayout.JAVA_BYTE, 0));
            assertArrayEquals(first, rows.obs().toArray(ValueLayout.JAVA_FLOAT));
            assertEquals(
                    1f, // the green may change after 10 s
                    rows.finalObs().getAtIndex(ValueLayout.JAVA_FLOAT, 2));
            final StepBatch next = env.step(stay);
            assertEquals(0, rows.truncated().get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(List.of(), next.ended());
            env.step(stay);
            final EpisodeEnd second = env.step(stay).ended().getFirst();
            assertEquals(1, second.episode());
            assertNotEquals(end.seed(), second.seed());
        }
    }

    @Test
    void leavesTheSignalsAloneInFixedTimeMode() {
        final List<EpisodeEnd> ends = new ArrayList<>();
        for (final int action : new int[] {0, 1}) {
            try (SumoVecEnv env =
                    SumoVecEnv.builder(Configs.cross(200))
                            .fixedTime(true)
                            .episodeSeed((_, _) -> 3)
                            .open()) {
                env.reset(1);
                for (int step = 0; step < 40; step++) {
                    ends.addAll(env.step(new int[][] {{action}}).ended());
                }
            }
        }
        assertEquals(ends.getFirst(), ends.getLast());
        assertEquals(3, ends.getFirst().seed());
    }

    @Test
    void installsItsProgramsOverThoseOfAnyFile(@TempDir final Path folder) throws Exception {
        final Path odd = Files.createDirectories(folder.resolve("a b;ü"));
        final SumoConfig plain = Configs.cross(60);
        final Path network = Files.copy(plain.network(), odd.resolve("ö x.net.xml"));
        final Path programs =
                Files.writeString(
                        odd.resolve("more.add.xml"),
                        """
                        <additional>
                            <tlLogic id="C" type="static" programID="greenwave" offset="0">
                                <phase duration="9" state="rrrrrrrrrrrrrrrr"/>
                            </tlLogic>
                        </additional>
                        """);
        final SumoConfig elsewhere =
                new SumoConfig("odd", network, plain.routes(), List.of(programs), 0, 60, List.of());
        final List<Trace> traces = new ArrayList<>();
        for (final SumoConfig config : List.of(plain, elsewhere)) {
            try (SumoVecEnv env = SumoVecEnv.open(config, 1)) {
                traces.addAll(play(env, 3, 12));
            }
        }
        traces.getFirst().assertBeginsWith(traces.getLast());
    }

    @Test
    void groupsSignalsOfEqualShape(@TempDir final Path folder) throws Exception {
        final Path network = folder.resolve("many.net.xml");
        assertEquals(
                0,
                new ProcessBuilder(
                                "netgenerate",
                                "--rand",
                                "--rand.iterations=40",
                                "--seed=3",
                                "--default-junction-type=traffic_light",
                                "-o",
                                network.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start()
                        .waitFor());
        final SumoConfig config =
                new SumoConfig("many", network, List.of(), List.of(), 0, 10, List.of());
        try (SumoVecEnv env = SumoVecEnv.open(config, 2)) {
            final List<AgentGroup> groups = env.spec().groups();
            assertTrue(groups.size() > 2, groups.toString());
            for (final AgentGroup group : groups) {
                assertEquals(group.obsSize() + "x" + group.actions(), group.name());
            }
            assertEquals(
                    env.signals().stream().map(Signal::id).sorted().toList(),
                    groups.stream().flatMap(g -> g.agents().stream()).sorted().toList());
            final Trace trace = play(env, 1, 2).getLast();
            assertEquals(0, trace.ends.getFirst().metrics().get("scheduled"));
        }
    }

    @Test
    void refusesAPathThatSumoWouldTakeForTwo() {
        final SumoConfig plain = Configs.cross(60);
        final SumoConfig config =
                new SumoConfig(
                        "x", plain.network(), List.of(Path.of("/a,b")), List.of(), 0, 1, List.of());
        assertEquals(
                "sumo: --route-files=/a,b, expected a path without comma: SUMO takes it for two"
                        + " files",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> SumoOptions.of(config, null, plain.network(), 5))
                        .getMessage());
    }

    @Test
    void letsTheScenariosOwnOptionsWin() {
        final SumoConfig config =
                Configs.of("cross2", 0, 60, List.of("--max-depart-delay", "7", "-W", "false"));
        final List<String> line = SumoOptions.of(config, null, config.network(), 5);
        assertEquals("7", line.get(line.indexOf("--max-depart-delay") + 1));
        assertEquals("false", line.get(line.indexOf("--no-warnings") + 1));
        assertFalse(line.contains("-W"));
        assertFalse(line.contains("--begin"));
        assertEquals(1, line.stream().filter("--max-depart-delay"::equals).count());
    }

    @Test
    void refusesBadActionsBeforeAnyWorldMoves() {
        try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(600), 2)) {
            assertEquals(
                    "SumoVecEnv.step: before reset, expected after",
                    assertThrows(IllegalStateException.class, () -> env.step(new int[][] {{0, 0}}))
                            .getMessage());
            env.reset(1);
            refuses(env, "SumoVecEnv.step: groups of actions=0, expected 1", new int[][] {});
            refuses(env, "SumoVecEnv.step: group=0, actions=1, expected 2", new int[][] {{0}});
            refuses(
                    env,
                    "SumoVecEnv.step: group=0, row=1, action=2, expected [0, 2)",
                    new int[][] {{0, 2}});
            env.step(new int[][] {{0, 1}});
        }
    }

    @Test
    void canBeClosedTwiceAndThenRefusesToStep() {
        final SumoVecEnv env = SumoVecEnv.open(Configs.cross(600), 1);
        env.reset(1);
        env.close();
        env.close();
        assertEquals(
                "SumoVecEnv.step: closed",
                assertThrows(IllegalStateException.class, () -> env.step(new int[][] {{0}}))
                        .getMessage());
    }

    private static void refuses(final SumoVecEnv env, final String message, final int[][] actions) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> env.step(actions)).getMessage());
    }

    @Test
    void usesThePortsItIsGiven() throws Exception {
        final int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
            try (SumoVecEnv env = SumoVecEnv.builder(Configs.cross(10)).port(port).open()) {
                assertEquals(
                        "port " + port + " is taken, expected a free TCP port",
                        assertThrows(SumoException.class, () -> env.reset(1)).getMessage());
            }
        }
        try (SumoVecEnv env = SumoVecEnv.builder(Configs.cross(10)).port(port).open()) {
            env.reset(1);
            final List<String> command =
                    List.of(Leftovers.sumos().getFirst().info().arguments().orElseThrow());
            assertEquals(Integer.toString(port), command.get(command.indexOf("--remote-port") + 1));
            for (int step = 0; step < 6; step++) { // three episodes on one port
                env.step(new int[][] {{0}});
            }
        }
    }

    @Test
    void leavesNothingBehind() {
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = SumoVecEnv.open(Configs.grid(20), 2)) {
                        play(env, 1, 6);
                        assertEquals(2, Leftovers.sumos().size());
                        assertEquals("SUMO", env.simulator().substring(0, 4));
                    }
                });
    }
}
