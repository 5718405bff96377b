package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.net.Network;
import greenwave.sim.signal.DistanceObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.StandardPhases;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The examples of the documentation: what one brings of one's own. */
class ExtensionsTest {
    // begin: observation
    /** Halting vehicles of each incoming lane, in tens. */
    record Halting() implements Observation {
        @Override
        public int size(final Signal signal) {
            return signal.lanes().size();
        }

        @Override
        public Eye eye(final SignalReadings now) {
            return (out, first) -> {
                for (int lane = 0; lane < now.signal().lanes().size(); lane++) {
                    out.setAtIndex(ValueLayout.JAVA_FLOAT, first + lane, now.halting(lane) / 10f);
                }
            };
        }
    }

    // end: observation

    // begin: reward
    /** Minus the square of the longest queue. */
    static final class LongestQueue implements Reward {
        @Override
        public double of(final SignalReadings now) {
            double longest = 0;
            for (int lane = 0; lane < now.signal().lanes().size(); lane++) {
                longest = Math.max(longest, now.queue(lane));
            }
            return -longest * longest;
        }
    }

    // end: reward

    @TempDir Path folder;

    @Test
    void anObservationARewardAndAnActionSpaceOfOnesOwn() {
        // begin: action space
        final SumoVecEnvBuilder own =
                SumoVecEnv.builder(Configs.cross(100))
                        .observation(new Halting())
                        .reward(LongestQueue::new)
                        .actions(
                                (light, network) -> // both greens of the road from north to south
                                new Signal(
                                                light,
                                                network,
                                                List.of("GGGgrrrrGGGgrrrr", "rrrrrrrrGGGGrrrr")));
        // end: action space
        try (SumoVecEnv env = own.open()) {
            assertEquals("8x2", env.spec().onlyGroup().name());
            env.reset(1);
            float least = 0;
            float most = 0;
            for (int k = 0; k < 20; k++) {
                final GroupBatch batch = env.step(new int[][] {{k / 5 % 2}}).groups().getFirst();
                least = Math.min(least, batch.reward().get(ValueLayout.JAVA_FLOAT, 0));
                for (int lane = 0; lane < 8; lane++) {
                    most = Math.max(most, batch.obs().getAtIndex(ValueLayout.JAVA_FLOAT, lane));
                }
            }
            assertTrue(least < 0 && most > 0, least + ", " + most);
        }
    }

    @Test
    void aPhaseTableOfOnesOwn() {
        // begin: phase table
        final PhaseTable pairs =
                new PhaseTable(
                        Map.of(
                                4, List.of("13", "31", "13", "31"),
                                3, List.of("13", "31", "13")));
        final SumoVecEnvBuilder two =
                SumoVecEnv.builder(Configs.cross(100))
                        .actions(new StandardPhases(pairs))
                        .observation(RoadObservation.padded(pairs));
        // end: phase table
        try (SumoVecEnv env = two.open()) {
            assertEquals("27x2", env.spec().onlyGroup().name());
            assertEquals(
                    List.of("gGGrrrrrgGGrrrrr", "rrrrgGGrrrrrgGGr"),
                    env.signals().getFirst().greens());
        }
    }

    private static double scheduled(final SumoVecEnvBuilder builder) {
        try (SumoVecEnv env = builder.open()) {
            StepBatch batch = env.reset(1);
            final int agents = env.spec().rows(0);
            while (batch.ended().isEmpty()) {
                batch = env.step(new int[][] {new int[agents]});
            }
            return batch.ended().getFirst().metrics().get("scheduled");
        }
    }

    @Test
    void eachEpisodeMayHaveItsOwnTraffic() {
        final SumoConfig grid = Configs.grid(600);
        // begin: demand
        final Network network = Network.read(grid.network(), List.of());
        final Demand day = new RandomFlows(network, 0, 600, Map.of(0.0, 600.0, 300.0, 2400.0));
        final String flow =
                "<routes><flow id=\"f\" begin=\"0\" end=\"600\" number=\"%d\" from=\"left0A0\" to=\"B0right0\"/></routes>";
        final Demand own =
                (folder, seed) -> {
                    final Path file = folder.resolve("own.rou.xml");
                    return List.of(Files.writeString(file, flow.formatted(seed % 50 + 10)));
                };
        // end: demand
        assertEquals(47, scheduled(SumoVecEnv.builder(grid).demand(own).episodeSeed((_, _) -> 37)));
        final double first =
                scheduled(SumoVecEnv.builder(grid).demand(day).episodeSeed((_, _) -> 1));
        final double again =
                scheduled(SumoVecEnv.builder(grid).demand(day).episodeSeed((_, _) -> 1));
        final double other =
                scheduled(SumoVecEnv.builder(grid).demand(day).episodeSeed((_, _) -> 2));
        assertEquals(first, again);
        assertNotEquals(first, other);
        assertEquals(250, first, 70, "50 in the first five minutes, 200 in the second");
    }

    @Test
    void anApproachIsSeenAcrossTheJointsOfItsRoad() throws Exception {
        final SumoConfig split = new OddNetworks(folder).split();
        final Network network = Network.read(split.network(), List.of());
        assertTrue(
                network.lane("MC_0").length() < 40,
                "the last edge is short: " + network.lane("MC_0"));
        final DistanceObservation far = new DistanceObservation(120);
        final float near = fullest(split, new DistanceObservation(20));
        final float all = fullest(split, far);
        assertTrue(near > all && all > 0.2f, near + ", " + all);
        try (SumoVecEnv env = SumoVecEnv.builder(split).observation(far).open()) {
            assertEquals(
                    Set.of("NC_0", "EC_0", "SC_0", "MC_0", "VM_0", "WC_0"),
                    far.lanes(env.signals().getFirst()).stream()
                            .filter(lane -> lane.endsWith("_0"))
                            .collect(Collectors.toSet()));
        }
    }

    /** {@return the greatest density seen on the first lane from the west while it waits} */
    private static float fullest(final SumoConfig config, final Observation observation) {
        try (SumoVecEnv env =
                SumoVecEnv.builder(config)
                        .observation(observation)
                        .episodeSeed((_, _) -> 1)
                        .open()) {
            env.reset(1);
            final int lane = env.signals().getFirst().lanes().indexOf("MC_0");
            final int head = env.signals().getFirst().greens().size() + 1;
            float most = 0;
            for (int k = 0; k < 8; k++) {
                final GroupBatch batch = env.step(new int[][] {{0}}).groups().getFirst();
                most = Math.max(most, batch.obs().getAtIndex(ValueLayout.JAVA_FLOAT, head + lane));
            }
            return most;
        }
    }

    @Test
    void theDocumentationShowsTheseVeryLines() throws Exception {
        final String page = Files.readString(Path.of("src/doc/extending.md"));
        final String source =
                Files.readString(Path.of("src/test/java/greenwave/sim/ExtensionsTest.java"));
        final Matcher parts =
                Pattern.compile("// begin: ([a-z ]+)\\R(.*?) *// end: \\1\\R", Pattern.DOTALL)
                        .matcher(source);
        int examples = 0;
        for (; parts.find(); examples++) {
            final String code = parts.group(2).stripTrailing().stripIndent().strip();
            assertTrue(page.contains(code), code);
            assertTrue(code.lines().filter(line -> !line.isBlank()).count() <= 15, code);
        }
        assertEquals(5, examples);
    }
}
