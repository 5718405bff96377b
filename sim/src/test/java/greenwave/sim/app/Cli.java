package greenwave.sim.app;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command line printed and how it ended.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {
    /** Runs a command line in this JVM. */
    static Cli run(final String... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Cli(code, out.toString(), err.toString());
    }

    /** Runs a command line in a JVM of its own, to its end. */
    static Cli fork(final ProcessBuilder process) throws IOException, InterruptedException {
        final Path err = Path.of(File.createTempFile("greenwave-cli", ".err").getPath());
        try {
            final Process running = process.redirectError(err.toFile()).start();
            final String out = new String(running.getInputStream().readAllBytes());
            return new Cli(running.waitFor(), out, Files.readString(err));
        } finally {
            Files.deleteIfExists(err);
        }
    }

    /** {@return a JVM of this test's JDK and class path that runs {@code args}, JVM options first} */
    static ProcessBuilder java(final List<String> options, final String... args) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    /** {@return everything on this JVM's module path and class path} */
    static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(key -> System.getProperty(key, ""))
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
