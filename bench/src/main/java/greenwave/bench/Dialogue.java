package greenwave.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process that answers each line of its input with one line of output, until its input ends. What it says of itself
 * comes first, unasked. Answers start with {@link #ANSWER}, unlike what a dying process prints. One thread.
 */
public final class Dialogue implements AutoCloseable {
    /** How every answer starts. */
    public static final String ANSWER = "= ";

    private static final long CLOSE_SECONDS = 10;

    private final String name;
    private final Process process;
    private final Path errors;
    private final PrintStream requests;
    private final BufferedReader answers;
    private final String description;

    /**
     * Starts a process and waits until it has said what it is.
     *
     * @param name for messages
     * @throws IOException if it doesn't start or ends at once; the message ends with what it said
     */
    public Dialogue(final String name, final ProcessBuilder command) throws IOException {
        this.name = name;
        this.errors = Files.createTempFile("greenwave-bench", ".err");
        this.process = command.redirectError(errors.toFile()).start();
        this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            this.description = answer();
        } catch (final IOException e) {
            close();
            throw e;
        }
    }

    /** {@return what it said of itself} */
    public String describe() {
        return description;
    }

    /**
     * {@return its answer, for which this waits}
     *
     * @throws IOException if the process ends meanwhile; the message ends with what it said
     */
    public String ask(final String request) throws IOException {
        requests.println(request);
        return answer();
    }

    private String answer() throws IOException {
        final String line = answers.readLine();
        if (line == null || !line.startsWith(ANSWER)) {
            final String said = answers.lines().collect(Collectors.joining(" ", line + " ", " "));
            throw new IOException(
                    "%s ended: %s"
                            .formatted(
                                    name,
                                    (said + Files.readString(errors)).replaceAll("\\s+", " ")));
        }
        return line.substring(ANSWER.length());
    }

    /** Ends the process: its input ends, and if that does not do, it is killed. */
    @Override
    public void close() {
        requests.close();
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(errors);
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            System.getLogger(Dialogue.class.getName())
                    .log(System.Logger.Level.WARNING, "{0}: {1} stays: {2}", name, errors, e);
        }
    }
}
