package greenwave.bench;

import greenwave.bench.guard.GuardCommand;
import greenwave.bench.jmh.JmhCommand;
import greenwave.bench.peer.DeviceCommand;
import greenwave.bench.peer.PeersCommand;
import greenwave.bench.replay.ReplayCommand;
import greenwave.bench.soak.SoakCommand;
import greenwave.bench.stress.StressCommand;
import greenwave.bench.suite.ReadmeCommand;
import greenwave.bench.suite.SuiteCommand;
import greenwave.bench.sumo.SumoCommand;
import greenwave.bench.train.TrainCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.io.PrintWriter;

/** The {@code greenwave-bench} command. */
@Command(
        name = "greenwave-bench",
        description = "Measures Greenwave's hot paths, alone and beside other engines.",
        subcommands = {
            GuardCommand.class,
            DeviceCommand.class,
            JmhCommand.class,
            PeersCommand.class,
            ReadmeCommand.class,
            ReplayCommand.class,
            SoakCommand.class,
            StressCommand.class,
            SuiteCommand.class,
            SumoCommand.class,
            TrainCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Main {
    private static final int BAD_INPUT = 2;

    private Main() {}

    /** Runs the command line and ends the JVM with its exit code: 0, 1 if a check failed, 2 on input that can't be used. */
    public static void main(final String[] args) {
        System.exit(
                run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /** {@return the exit code of the command line {@code args}} Output goes to the writers given. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::onBadArgument)
                .setExecutionExceptionHandler((problem, command, _) -> onProblem(problem, command))
                .execute(args);
    }

    private static int onBadArgument(final ParameterException problem, final String[] args) {
        final CommandLine command = problem.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        command.getErr().printf("%s: %s (see '%s --help')%n", name, problem.getMessage(), name);
        return BAD_INPUT;
    }

    private static int onProblem(final Exception problem, final CommandLine command)
            throws Exception {
        if (problem instanceof IllegalArgumentException || problem instanceof IOException) {
            command.getErr().println("greenwave-bench: " + problem.getMessage());
            return BAD_INPUT;
        }
        throw problem;
    }
}
