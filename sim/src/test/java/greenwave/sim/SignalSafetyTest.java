package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.sim.net.RightOfWay;
import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.net.XmlInput;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Countdown;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.StandardPhases;
import greenwave.sim.signal.Switching;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What signals show, second by second as SUMO itself writes it down, whatever legal actions they are
 * given: a link that loses its green shows yellow for exactly the yellow time, no green is shorter than
 * it may be, and SUMO finds nothing to warn of.
 */
class SignalSafetyTest {
    @TempDir Path folder;

    private interface Maker {
        SumoConfig in(OddNetworks networks) throws IOException, InterruptedException;
    }

    @TestFactory
    Stream<DynamicTest> everyGreenEndsInItsYellow() {
        final Map<String, Maker> networks = new LinkedHashMap<>();
        networks.put("cross2", _ -> Configs.cross(300));
        networks.put("grid2x2", _ -> Configs.grid(300));
        networks.put("tee3", _ -> Configs.of("tee3", 0, 300, List.of()));
        networks.put("pedx", _ -> Configs.of("pedx", 0, 300, List.of()));
        networks.put("crossings", OddNetworks::crossings);
        networks.put("left-hand", odd -> odd.cross("--lefthand"));
        networks.put("joined", OddNetworks::joined);
        networks.put("fan", OddNetworks::fan);
        networks.put("tram", OddNetworks::tram);
        networks.put("random 5", odd -> odd.random(5, "--default.lanenumber=2"));
        networks.put("random 11, left-hand", odd -> odd.random(11, "--lefthand"));
        final List<Switching> rules =
                List.of(
                        SignalTiming.DEFAULT,
                        new SignalTiming(4, 3, 9, 20, true),
                        new SignalTiming(5, 4, 0, 50, false),
                        new Countdown(1, 3, 0, false),
                        new Countdown(2, 3, 5, true));
        final Set<String> withoutStandard = Set.of("pedx", "joined");
        return networks.entrySet().stream()
                .flatMap(
                        network ->
                                Stream.of(
                                                new ProgramPhases(Compat.NONE),
                                                new StandardPhases(PhaseTable.STANDARD))
                                        .filter(
                                                actions ->
                                                        actions instanceof ProgramPhases
                                                                || !withoutStandard.contains(
                                                                        network.getKey()))
                                        .map(
                                                actions ->
                                                        DynamicTest.dynamicTest(
                                                                network.getKey()
                                                                        + ", "
                                                                        + actions.getClass()
                                                                                .getSimpleName(),
                                                                () ->
                                                                        playAll(
                                                                                network.getValue(),
                                                                                actions,
                                                                                rules))));
    }

    private void playAll(
            final Maker network, final ActionSpace actions, final List<Switching> rules)
            throws Exception {
        final Path own = Files.createTempDirectory(folder, "net");
        final SumoConfig config = network.in(new OddNetworks(own));
        for (final Switching rule : rules) {
            play(config, actions, rule, own);
        }
    }

    private static void play(
            final SumoConfig config,
            final ActionSpace actions,
            final Switching rule,
            final Path folder)
            throws IOException {
        final Path log = folder.resolve("states.xml");
        final Path warnings = folder.resolve("warnings.txt");
        final List<Path> additional = new ArrayList<>(config.additional());
        additional.add(
                Files.writeString(
                        folder.resolve("states.add.xml"),
                        "<additional><timedEvent type=\"SaveTLSStates\" dest=\"%s\"/></additional>"
                                .formatted(log)));
        final SumoConfig watched =
                new SumoConfig(
                        config.name(),
                        config.network(),
                        config.routes(),
                        additional,
                        config.begin(),
                        config.end(),
                        List.of("--no-warnings", "false", "--error-log", warnings.toString()));
        final Checker checker = new Checker(log, warnings, rule);
        try (SumoVecEnv env =
                SumoVecEnv.builder(watched)
                        .actions(actions)
                        .timing(rule)
                        .listener(_ -> checker)
                        .open()) {
            final SplittableRandom random = new SplittableRandom(7);
            StepBatch batch = env.reset(1);
            while (batch.ended().isEmpty()) {
                batch = env.step(legal(env, batch, random));
            }
        }
        assertTrue(checker.changes > 20, "changes seen: " + checker.changes);
    }

    private static int[][] legal(
            final SumoVecEnv env, final StepBatch batch, final SplittableRandom random) {
        final List<AgentGroup> groups = env.spec().groups();
        final int[][] actions = new int[groups.size()][];
        for (int g = 0; g < actions.length; g++) {
            actions[g] = new int[env.spec().rows(g)];
            final int bound = groups.get(g).actions();
            final MemorySegment mask = batch.groups().get(g).legal();
            for (int row = 0; row < actions[g].length; row++) {
                do {
                    actions[g][row] = random.nextInt(bound);
                } while (mask.get(ValueLayout.JAVA_BYTE, (long) row * bound + actions[g][row])
                        == 0);
            }
        }
        return actions;
    }

    /** Reads what SUMO wrote once the episode has ended. */
    private static final class Checker implements WorldListener {
        private final Path log;
        private final Path warnings;
        private final Switching rule;
        private final List<String> controlled = new ArrayList<>();
        private final List<Signal> signals = new ArrayList<>();
        private int changes;

        Checker(final Path log, final Path warnings, final Switching rule) {
            this.log = log;
            this.warnings = warnings;
            this.rule = rule;
        }

        @Override
        public Set<Reading> readings() {
            return Set.of();
        }

        @Override
        public void onStart(final WorldView now) {
            controlled.clear();
            signals.clear();
            now.signals().forEach(signal -> controlled.add(signal.signal().id()));
            now.signals().forEach(signal -> signals.add(signal.signal()));
        }

        @Override
        public void onDecision(final WorldView now) {}

        @Override
        public void onEnd(final EpisodeEnd end) {
            final Map<String, List<String>> shown = read();
            controlled.forEach(signal -> check(signal, shown.get(signal)));
            signals.forEach(signal -> checkConflicts(signal, shown.get(signal.id())));
            try {
                for (final String line : Files.readAllLines(warnings)) {
                    final String lower = line.toLowerCase(Locale.ROOT);
                    for (final String word :
                            List.of(
                                    "green",
                                    "yellow",
                                    "phase",
                                    "tllogic",
                                    "conflict",
                                    "collision")) {
                        if (lower.contains(word)) {
                            fail(rule + ": " + line);
                        }
                    }
                }
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        }

        private Map<String, List<String>> read() {
            final Map<String, List<String>> shown = new LinkedHashMap<>();
            try (XmlInput xml = XmlInput.open(log, SumoException::new)) {
                xml.root("tlsStates");
                while (xml.next()) {
                    shown.computeIfAbsent(xml.attribute("id"), _ -> new ArrayList<>())
                            .add(xml.attribute("state"));
                }
            }
            return shown;
        }

        private void check(final String signal, final List<String> states) {
            final int links = states.getFirst().length();
            for (int link = 0; link < links; link++) {
                int yellow = states.getFirst().charAt(link) == 'y' ? 1 : 0;
                for (int second = 1; second < states.size(); second++) {
                    final char before = states.get(second - 1).charAt(link);
                    final char now = states.get(second).charAt(link);
                    final String where =
                            "%s: %s link %d, second %d".formatted(rule, signal, link, second);
                    if (isGreen(before) && now == 'r') {
                        fail(where + ": green, then red at once");
                    }
                    if (before == 'y' && now != 'y') {
                        assertEquals(rule.yellowTime(), yellow, where);
                        changes++;
                    }
                    yellow = now == 'y' ? yellow + 1 : 0;
                }
            }
            checkGreens(signal, states);
        }

        /** Two ways that cross never have the right of way together, by the junction's own matrix. */
        private void checkConflicts(final Signal signal, final List<String> states) {
            final RightOfWay rightOfWay = signal.network().rightOfWay();
            final List<List<Connection>> links = signal.light().links();
            for (final String state : states.stream().distinct().toList()) {
                for (int a = 0; a < links.size(); a++) {
                    for (int b = 0; b < links.size(); b++) {
                        if (state.charAt(a) != 'G' || !isGreen(state.charAt(b)) || a == b) {
                            continue;
                        }
                        for (final Connection first : links.get(a)) {
                            for (final Connection second : links.get(b)) {
                                final boolean safe =
                                        !rightOfWay.conflicts(first, second)
                                                || rightOfWay.yields(second, first)
                                                || rightOfWay.yields(first, second);
                                assertTrue(safe, "%s: %s, %s".formatted(state, first, second));
                            }
                        }
                    }
                }
            }
        }

        /** Between two changes of all that is shown lie yellow and the shortest green. */
        private void checkGreens(final String signal, final List<String> states) {
            final int least =
                    switch (rule) {
                        case final SignalTiming timing -> timing.minGreen();
                        case final Countdown countdown -> countdown.lockedGreen();
                        default -> 0;
                    };
            int since = 0; // seconds of the green that is shown
            boolean first = true; // may have stood before the episode
            for (int second = 1; second < states.size(); second++) {
                final boolean changed = !states.get(second).equals(states.get(second - 1));
                final boolean yellow = states.get(second).indexOf('y') >= 0;
                final boolean wasYellow = states.get(second - 1).indexOf('y') >= 0;
                if (changed && yellow && !wasYellow) {
                    assertTrue(
                            first || since >= least,
                            "%s: %s left its green after %d s at second %d"
                                    .formatted(rule, signal, since, second));
                    first = false;
                }
                since = yellow ? 0 : since + 1;
            }
        }

        private static boolean isGreen(final char letter) {
            return letter == 'G' || letter == 'g';
        }
    }
}
