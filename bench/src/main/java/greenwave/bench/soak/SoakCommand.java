package greenwave.bench.soak;

import greenwave.engine.env.AgentGroup;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** {@code greenwave-bench soak}. */
@Command(
        name = "soak",
        description = {
            "Plays many short episodes with random actions and shows what the JVM and SUMO hold as"
                    + " they go by.",
            "Exit code 1 if there are more descriptors, threads or files at the end than after a"
                    + " tenth of the episodes."
        },
        mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {
    private static final int LINES = 10;

    /** Descriptors and threads that the JVM may have for itself. */
    private static final int SLACK = 8;

    @Option(
            names = "--scenario",
            paramLabel = "S",
            defaultValue = "cross",
            description = "A scenario (default: ${DEFAULT-VALUE}).")
    private String scenario;

    @Option(
            names = "--worlds",
            paramLabel = "N",
            defaultValue = "64",
            description = "SUMO worlds side by side (default: ${DEFAULT-VALUE}).")
    private int worlds;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Episodes over all worlds (default: ${DEFAULT-VALUE}).")
    private int episodes;

    @Option(
            names = "--window",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "Length of an episode (default: ${DEFAULT-VALUE}).")
    private int window;

    @Spec private CommandSpec spec;

    /** For picocli. */
    public SoakCommand() {}

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        try (Scenario opened = Scenarios.open(scenario)) {
            final SumoConfig whole = opened.sumo();
            final SumoConfig brief =
                    new SumoConfig(
                            whole.name(),
                            whole.network(),
                            whole.routes(),
                            whole.additional(),
                            whole.begin(),
                            whole.begin() + window,
                            whole.options());
            final long start = System.nanoTime();
            try (SumoVecEnv env = SumoVecEnv.open(brief, worlds)) {
                env.reset(1);
                out.printf("%d worlds started in %.2f s%n", worlds, seconds(start));
                out.printf("episodes  seconds  %s%n", Usage.HEAD);
                return soak(env, out, start);
            }
        }
    }

    private int soak(final SumoVecEnv env, final PrintWriter out, final long start)
            throws IOException {
        final List<AgentGroup> groups = env.spec().groups();
        final SplittableRandom random = new SplittableRandom(1);
        final int[][] actions = new int[groups.size()][];
        for (int group = 0; group < actions.length; group++) {
            actions[group] = new int[env.spec().rows(group)];
        }
        Usage first = null;
        Usage last = null;
        int ended = 0;
        int shown = 0;
        while (ended < episodes) {
            for (int group = 0; group < actions.length; group++) {
                for (int row = 0; row < actions[group].length; row++) {
                    actions[group][row] = random.nextInt(groups.get(group).actions());
                }
            }
            ended += env.step(actions).ended().size();
            if (ended >= (long) (shown + 1) * episodes / LINES) {
                shown = (int) ((long) ended * LINES / episodes);
                last = Usage.now();
                first = first == null ? last : first;
                out.printf("%8d %8.0f  %s%n", ended, seconds(start), last);
            }
        }
        out.printf("recovered %d%n", env.recovered());
        final boolean leaks =
                last.descriptors() > first.descriptors() + SLACK
                        || last.threads() > first.threads() + SLACK
                        || last.files() > first.files();
        return leaks ? 1 : 0;
    }

    private static double seconds(final long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
