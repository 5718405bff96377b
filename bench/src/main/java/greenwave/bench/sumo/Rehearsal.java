package greenwave.bench.sumo;

import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.WorldListener;
import greenwave.sim.WorldView;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Signal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The same traffic for everybody: one world is played with random actions, and SUMO notes what its
 * signals show. That is what SUMO alone and Python play too: else they would simulate other jams.
 */
final class Rehearsal {
    private static final Pattern STATE =
            Pattern.compile("<tlsState time=\"([^\"]+)\" id=\"([^\"]+)\".* state=\"([^\"]+)\"");

    private final SumoConfig config;
    private final int world;
    private final int decisions;
    private final Map<String, List<Change>> changes = new LinkedHashMap<>();
    private final Map<String, List<String>> lanes = new LinkedHashMap<>();
    private double timeLoss;

    /**
     * A signal shows another state.
     *
     * @param second since the scenario's begin
     */
    record Change(int second, String state) {}

    /** Plays world {@code world} of {@code config}, which ends after {@code decisions}. */
    Rehearsal(final SumoConfig config, final int world, final int decisions, final Path folder)
            throws IOException {
        this.config = config;
        this.world = world;
        this.decisions = decisions;
        final Path states = folder.resolve("states-" + world + ".xml");
        final Path log = folder.resolve("states-" + world + ".add.xml");
        Files.writeString(
                log,
                "<additional><timedEvent type=\"SaveTLSStates\" dest=\"%s\"/></additional>"
                        .formatted(states));
        final List<Path> additional = new ArrayList<>(config.additional());
        additional.add(log);
        final SumoConfig noted =
                new SumoConfig(
                        config.name(),
                        config.network(),
                        config.routes(),
                        additional,
                        config.begin(),
                        config.end(),
                        config.options());
        try (SumoVecEnv env =
                SumoVecEnv.builder(noted)
                        .episodeSeed((_, _) -> seed(world))
                        .listener(_ -> new StateReader(states))
                        .open()) {
            for (final Signal signal : env.signals()) {
                lanes.put(signal.id(), signal.lanes());
                changes.put(signal.id(), new ArrayList<>());
            }
            env.reset(0);
            final int[][][] actions = actions(env.spec(), 1, world, decisions);
            for (int k = 0; k < decisions; k++) {
                for (final EpisodeEnd end : env.step(actions[k]).ended()) {
                    timeLoss = end.metrics().get("timeLoss") * end.metrics().get("scheduled");
                }
            }
        }
    }

    /** Reads the states when the episode ends: the next one's SUMO writes to the same file. */
    private final class StateReader implements WorldListener {
        private final Path states;
        private boolean over;

        StateReader(final Path states) {
            this.states = states;
        }

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
            if (!over) {
                over = true;
                read(states);
            }
        }
    }

    /** {@return SUMO's seed of a world} */
    static int seed(final int world) {
        return world + 1;
    }

    /** {@return random actions by decision, group and row, of worlds {@code first...} } */
    static int[][][] actions(
            final EnvSpec spec, final int worlds, final int first, final int decisions) {
        final int[][][] actions = new int[decisions][spec.groups().size()][];
        for (int group = 0; group < spec.groups().size(); group++) {
            final int agents = spec.groups().get(group).agents().size();
            for (int k = 0; k < decisions; k++) {
                actions[k][group] = new int[worlds * agents];
            }
            for (int world = 0; world < worlds; world++) {
                final SplittableRandom random =
                        new SplittableRandom(1_000L * (first + world) + group);
                for (int k = 0; k < decisions; k++) {
                    for (int agent = 0; agent < agents; agent++) {
                        actions[k][group][world * agents + agent] =
                                random.nextInt(spec.groups().get(group).actions());
                    }
                }
            }
        }
        return actions;
    }

    private void read(final Path states) {
        final Map<String, String> shown = new HashMap<>();
        for (final String line : lines(states)) {
            final Matcher matcher = STATE.matcher(line);
            if (matcher.find() && changes.containsKey(matcher.group(2))) {
                final String state = matcher.group(3);
                if (!state.equals(shown.put(matcher.group(2), state))) {
                    final double time = Double.parseDouble(matcher.group(1)) - config.begin();
                    changes.get(matcher.group(2)).add(new Change((int) time, state));
                }
            }
        }
    }

    private static List<String> lines(final Path file) {
        try {
            return Files.readAllLines(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return an additional file with programs that show the same again} */
    Path programs(final Path folder) throws IOException {
        final StringBuilder xml = new StringBuilder("<additional>\n");
        changes.forEach(
                (signal, shown) -> {
                    xml.append(
                            "<tlLogic id=\"%s\" type=\"static\" programID=\"rehearsed\" offset=\"%s\">%n"
                                    .formatted(signal, config.begin()));
                    for (int i = 0; i < shown.size(); i++) {
                        final int until =
                                i + 1 < shown.size()
                                        ? shown.get(i + 1).second
                                        : seconds() + SignalTiming.DEFAULT.deltaTime();
                        xml.append(
                                "<phase duration=\"%d\" state=\"%s\"/>%n"
                                        .formatted(
                                                until - shown.get(i).second, shown.get(i).state));
                    }
                    xml.append("</tlLogic>\n");
                });
        return Files.writeString(
                folder.resolve("programs-" + world + ".add.xml"), xml.append("</additional>\n"));
    }

    /** {@return simulated seconds} */
    int seconds() {
        return decisions * SignalTiming.DEFAULT.deltaTime();
    }

    int world() {
        return world;
    }

    int decisions() {
        return decisions;
    }

    /** {@return incoming lanes by signal} */
    Map<String, List<String>> lanes() {
        return lanes;
    }

    /** {@return what each signal shows, by signal} */
    Map<String, List<Change>> changes() {
        return changes;
    }

    /** {@return seconds lost by all vehicles: equal if the traffic is} */
    double timeLoss() {
        return timeLoss;
    }

    /**
     * {@return SUMO's command line, without client}
     *
     * @param additional beside the scenario's
     */
    List<String> command(final String sumo, final List<Path> additional, final Path trips) {
        final List<String> line = SumoLine.of(sumo, config, additional);
        line.add("--seed=" + seed(world));
        line.add("--tripinfo-output=" + trips);
        line.add("--tripinfo-output.write-unfinished=true");
        line.add("--tripinfo-output.write-undeparted=true");
        return line;
    }

    /** {@return simulated time at which the window ends} */
    double end() {
        return config.begin() + seconds();
    }
}
