package greenwave.sim.app;

import greenwave.engine.dqn.DivergedException;
import greenwave.sim.SumoException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The {@code greenwave} command. */
@Command(
        name = "greenwave",
        description = "Trains and judges traffic-signal controllers on SUMO.",
        subcommands = {
            TrainCommand.class,
            EvalCommand.class,
            AblationCommand.class,
            ScenariosCommand.class,
            OracleCommand.class,
            DoctorCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        scope = ScopeType.INHERIT)
public final class Main {
    /** Exit code on input that can't be used, and when SUMO refuses or dies. */
    static final int BAD_INPUT = 2;

    private static final int DEFECT = 1;
    private static final int INTERRUPTED = 130; // as a shell reports SIGINT
    private static final String TRACE = "greenwave.trace";

    private Main() {}

    /** Runs the command line and ends the JVM with its exit code. */
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
        command.getErr()
                .printf("%s: %s (see '%s --help')%n", name, oneLine(problem.getMessage()), name);
        return BAD_INPUT;
    }

    private static int onProblem(final Exception problem, final CommandLine command) {
        if (shuttingDown()) {
            return INTERRUPTED; // Ctrl-C has ended SUMO first; there is nothing to explain
        }
        final PrintWriter err = command.getErr();
        return switch (problem) {
            case SumoException e -> refuse(err, e.getMessage());
            case IllegalArgumentException e -> refuse(err, e.getMessage());
            case DivergedException e -> refuse(err, e.getMessage());
            case UncheckedIOException e -> refuse(err, describe(e.getCause()));
            case IOException e -> refuse(err, describe(e));
            default -> {
                err.printf(
                        "greenwave: a defect, please report it: %s (stack trace with"
                                + " GREENWAVE_OPTS=-D%s=true)%n",
                        oneLine(problem.toString()), TRACE);
                if (Boolean.getBoolean(TRACE)) {
                    problem.printStackTrace(err);
                }
                yield DEFECT;
            }
        };
    }

    /** {@return the exit code for input that is refused; prints why, on one line} */
    static int refuse(final PrintWriter err, final String message) {
        err.println("greenwave: " + oneLine(message));
        return BAD_INPUT;
    }

    /** {@return whether the JVM is about to end} */
    static boolean shuttingDown() {
        final Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** The messages of {@code java.nio.file} are bare paths. */
    private static String describe(final IOException problem) {
        return switch (problem) {
            case NoSuchFileException e -> e.getFile() + ": no such file";
            case FileSystemException e when e.getReason() == null ->
                    e.getFile() + ": " + e.getClass().getSimpleName();
            default -> problem.getMessage();
        };
    }

    private static String oneLine(final String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " | ");
    }
}
