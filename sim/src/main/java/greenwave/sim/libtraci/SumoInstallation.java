package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The SUMO to start. Looked for, in this order: {@code -Dgreenwave.sumo=PATH} (this file and no
 * other), {@code $SUMO_HOME/bin/sumo}, {@code sumo} on the {@code PATH}.
 *
 * @param program the executable, absolute
 * @param environment what it is started with
 */
public record SumoInstallation(Path program, SumoEnvironment environment) {
    /** System property that names the executable. */
    public static final String PROPERTY = "greenwave.sumo";

    private static final String HOME = "SUMO_HOME";

    /**
     * {@return the first executable found in the places above}
     *
     * @throws SumoException if there is none, or {@link SumoEnvironment#PROPERTY} names no file
     */
    public static SumoInstallation find() {
        return new SumoInstallation(findProgram(), SumoEnvironment.find());
    }

    private static Path findProgram() {
        final String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            final Path program = Path.of(chosen).toAbsolutePath();
            if (!isProgram(program)) {
                throw new SumoException(
                        "SUMO not found: -D%s=%s, expected an executable file"
                                .formatted(PROPERTY, chosen));
            }
            return program;
        }
        final String home = System.getenv(HOME);
        if (home != null && isProgram(Path.of(home, "bin", "sumo"))) {
            return Path.of(home, "bin", "sumo").toAbsolutePath();
        }
        final Path program = onPath("sumo");
        if (program == null) {
            throw new SumoException(
                    "SUMO not found: looked in $SUMO_HOME/bin and PATH, install it with 'apt-get install sumo' or give -D%s=PATH"
                            .formatted(PROPERTY));
        }
        return program;
    }

    /**
     * {@return what a command line begins with so that the kernel kills it together with the thread
     * that starts it: an unconnected SUMO would live on for ever. Nothing where util-linux's {@code
     * setpriv} is missing} The shell's look at its parent is for a JVM that was gone already when
     * {@code setpriv} asked to die with it.
     */
    static List<String> mortal() {
        final Path setpriv = onPath("setpriv");
        return setpriv == null
                ? List.of()
                : List.of(
                        setpriv.toString(),
                        "--pdeathsig",
                        "KILL",
                        "/bin/sh",
                        "-c",
                        "[ $PPID = %d ] && exec \"$@\"".formatted(ProcessHandle.current().pid()),
                        "sh");
    }

    /**
     * {@return a builder of the process}
     *
     * @param entry what its command line begins with
     */
    ProcessBuilder process(final List<String> entry, final List<String> options) {
        final List<String> command = new ArrayList<>(entry);
        command.addAll(mortal());
        command.add(program.toString());
        command.addAll(arguments(options));
        final ProcessBuilder process = new ProcessBuilder(command);
        environment.put(process.environment());
        return process;
    }

    /**
     * {@return what SUMO is to be told for {@code options}} Without XML schemas it must not validate, or a file that names
     * a schema is fatal.
     */
    List<String> arguments(final List<String> options) {
        if (SumoEnvironment.hasSchemas() || options.contains("--xml-validation")) {
            return options;
        }
        final List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("--xml-validation", "never"));
        return arguments;
    }

    private static Path onPath(final String name) {
        final String path = System.getenv("PATH");
        for (final String folder : (path == null ? "" : path).split(File.pathSeparator)) {
            final Path program = Path.of(folder.isEmpty() ? "." : folder, name).toAbsolutePath();
            if (isProgram(program)) {
                return program;
            }
        }
        return null;
    }

    private static boolean isProgram(final Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
