package greenwave.bench.sumo;

import greenwave.bench.JsonFile;
import greenwave.bench.TempFolder;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoException;
import greenwave.sim.Transport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code greenwave-bench sumo}. */
@Command(
        name = "sumo",
        description = {
            "Measures decisions a second with random actions: ours over each transport, beside SUMO"
                    + " alone, Python traci and Python libsumo, in turns, as many worlds at once each.",
            "learner takes a gradient step per decision besides, no world waiting for another;"
                    + " learner_lock_step lets them wait, so that a seed fixes the run.",
            "SUMO alone plays what our signals showed, so that it simulates the same vehicles"
                    + " (checked), started as a user does; raw_our_environment as ours is, with"
                    + " tcmalloc where installed. raw_own_program is the network's own program,"
                    + " other traffic."
        },
        mixinStandardHelpOptions = true)
public final class SumoCommand implements Callable<Integer> {
    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "cross",
            description = "A built-in scenario, or a .sumocfg file (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--worlds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Worlds at once (default: ${DEFAULT-VALUE}).")
    private int worlds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each is run; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1800",
            description =
                    "Simulated seconds of each run, at most the scenario's (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the result as JSON.")
    private Path json;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public SumoCommand() {}

    @Override
    public Integer call() throws IOException {
        if (worlds < 1 || rounds < 1 || seconds < 2 * SignalTiming.DEFAULT.deltaTime()) {
            throw new IllegalArgumentException(
                    "sumo: --worlds=%d, --rounds=%d, --seconds=%d, expected >= 1, >= 1, >= 10"
                            .formatted(worlds, rounds, seconds));
        }
        try (TempFolder folder = TempFolder.open("sumo");
                Scenario scenario = Scenarios.open(name)) {
            final SumoReport report = measure(scenario.sumo(), folder.path());
            report.print(spec.commandLine().getOut());
            JsonFile.write(json, report.figures());
            return 0;
        } catch (final SumoException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private SumoReport measure(final SumoConfig config, final Path folder) throws IOException {
        final int step = SignalTiming.DEFAULT.deltaTime();
        final int decisions = (int) Math.min(seconds, config.end() - config.begin()) / step;
        final SumoConfig window = until(config, config.begin() + (double) decisions * step);
        final SumoConfig longer = until(config, window.end() + step);
        final List<Rehearsal> rehearsals = new ArrayList<>();
        for (int world = 0; world < worlds; world++) {
            rehearsals.add(new Rehearsal(window, world, decisions, folder));
        }
        final String sumo = System.getProperty("greenwave.sumo", "sumo");
        final RawSumo raw = new RawSumo(sumo, rehearsals, RawSumo.Way.REHEARSED, folder);
        final int margin = 2 * decisions * step;
        final SumoConfig whole = until(config, config.begin() + margin);
        try (Learning learner = new Learning("learner", false, whole, worlds, decisions);
                Learning lockStep =
                        new Learning("learner_lock_step", true, whole, worlds, decisions)) {
            return measure(
                    List.of(
                            raw,
                            new Ours(longer, Transport.AUTO, worlds, decisions),
                            learner,
                            lockStep,
                            new Ours(longer, Transport.WIRE, worlds, decisions),
                            new Ours(longer, Transport.LIBTRACI, worlds, decisions),
                            new RawSumo(sumo, rehearsals, RawSumo.Way.OUR_ENVIRONMENT, folder),
                            new RawSumo(sumo, rehearsals, RawSumo.Way.OWN_PROGRAM, folder),
                            new PythonSumo("traci", sumo, rehearsals, folder),
                            new PythonSumo("libsumo", sumo, rehearsals, folder)),
                    decisions,
                    rehearsals,
                    raw);
        }
    }

    private SumoReport measure(
            final List<Contender> contenders,
            final int decisions,
            final List<Rehearsal> rehearsals,
            final RawSumo raw)
            throws IOException {
        final SumoReport report = new SumoReport(name, worlds, decisions, contenders);
        report.measure(rounds);
        for (final Rehearsal rehearsal : rehearsals) {
            report.compareTraffic(rehearsal.timeLoss(), raw.timeLoss(rehearsal));
        }
        return report;
    }

    /** {@return {@code config}, simulated up to {@code end} only} */
    static SumoConfig until(final SumoConfig config, final double end) {
        return new SumoConfig(
                config.name(),
                config.network(),
                config.routes(),
                config.additional(),
                config.begin(),
                end,
                config.options());
    }
}
