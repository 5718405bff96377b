package greenwave.bench.train;

import com.fasterxml.jackson.annotation.JsonProperty;

import greenwave.bench.sumo.SumoLine;
import greenwave.engine.env.AgentGroup;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.signal.ApproachObservation;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Signal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What both sides train on, as JSON: they read the same file.
 *
 * @param scenario a built-in scenario or a {@code .sumocfg} file
 * @param worlds side by side
 * @param firstSeed of SUMO: episode e of world w has {@code firstSeed + e · worlds + w}
 * @param command SUMO's line, without seed
 * @param decisions of an episode
 * @param groups signals that share a network
 * @param signals by ID
 */
record Course(
        String scenario,
        int worlds,
        @JsonProperty("first_seed") int firstSeed,
        Settings settings,
        List<String> command,
        int decisions,
        @JsonProperty("delta_time") int deltaTime,
        @JsonProperty("yellow_time") int yellowTime,
        @JsonProperty("min_green") int minGreen,
        List<Group> groups,
        Map<String, Light> signals) {
    private static final int FIRST_SEED = 100_000;

    /** As an {@link AgentGroup}; {@code prefix} stands before the names of its network's tensors. */
    record Group(
            String name,
            String prefix,
            @JsonProperty("obs_size") int obsSize,
            int actions,
            List<String> agents) {}

    /**
     * A signal.
     *
     * @param greens what it may show
     * @param yellows what it shows between two of them
     * @param first the green that an episode begins with
     * @param lanes incoming lanes: ID, length in m, speed limit in m/s
     */
    record Light(
            List<String> greens, List<List<String>> yellows, int first, List<List<Object>> lanes) {}

    /**
     * {@return the course on {@code config}}
     *
     * @throws IllegalArgumentException if signals see beyond their incoming lanes, or may not choose any green at any time:
     *     the peer does not do that
     */
    static Course of(
            final String scenario,
            final SumoConfig config,
            final int worlds,
            final Settings settings) {
        final SignalTiming timing = SignalTiming.DEFAULT;
        try (SumoVecEnv env = environment(config).open()) {
            final Map<String, Light> lights = new LinkedHashMap<>();
            env.signals().forEach(signal -> lights.put(signal.id(), light(signal)));
            final List<AgentGroup> groups = env.spec().groups();
            return new Course(
                    scenario,
                    worlds,
                    FIRST_SEED,
                    settings,
                    SumoLine.of(System.getProperty("greenwave.sumo", "sumo"), config, List.of()),
                    (int) Math.ceil((config.end() - config.begin()) / timing.deltaTime()),
                    timing.deltaTime(),
                    timing.yellowTime(),
                    timing.minGreen(),
                    groups.stream().map(group -> group(group, groups.size() == 1)).toList(),
                    lights);
        }
    }

    private static Group group(final AgentGroup group, final boolean lone) {
        final String prefix = prefix(group, lone);
        return new Group(group.name(), prefix, group.obsSize(), group.actions(), group.agents());
    }

    /** {@return what stands before the names of a network's tensors} */
    static String prefix(final AgentGroup group, final boolean lone) {
        return lone ? "" : group.name() + ".";
    }

    private static Light light(final Signal signal) {
        final Set<String> seen = new HashSet<>(new ApproachObservation().lanes(signal));
        final List<String> greens = signal.greens();
        final List<List<String>> yellows = new ArrayList<>();
        for (int from = 0; from < greens.size(); from++) {
            final List<String> row = new ArrayList<>();
            for (int to = 0; to < greens.size(); to++) {
                row.add(from == to ? greens.get(to) : signal.yellow(from, to));
            }
            yellows.add(row);
            if (!signal.legal(from) || !seen.equals(new HashSet<>(signal.lanes()))) {
                throw new IllegalArgumentException(
                        ("train: signal=%s, expected one that may show all its greens, with no road split within 200 m:"
                                        + " the Python peer knows no other")
                                .formatted(signal.id()));
            }
        }
        final List<List<Object>> lanes = new ArrayList<>();
        for (final String lane : signal.lanes()) {
            lanes.add(
                    List.of(
                            lane,
                            signal.network().laneLength(lane),
                            signal.network().lane(lane).speed()));
        }
        return new Light(greens, yellows, signal.first(), lanes);
    }

    /** {@return worlds of {@code config} as both sides see them} */
    static SumoVecEnvBuilder environment(final SumoConfig config) {
        return SumoVecEnv.builder(config)
                .observation(new ApproachObservation())
                .reward(Reward.named("time-loss"));
    }

    /** {@return SUMO's seed of an episode} */
    int seed(final int world, final int episode) {
        return firstSeed + episode * worlds + world;
    }
}
