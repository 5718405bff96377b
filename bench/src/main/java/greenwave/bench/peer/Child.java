package greenwave.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The parent's end of a process that runs a {@link Worker}. */
final class Child implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    /**
     * What one round took.
     *
     * @param wallNanos by the clock
     * @param cpuNanos processor time of the thread: less if it was made to wait
     */
    record Round(long wallNanos, long cpuNanos) {}

    private final String name;
    private final Process process;
    private final Path errors;
    private final PrintStream requests;
    private final BufferedReader answers;
    private final String description;

    /**
     * Starts a process and waits until its subject is ready.
     *
     * @throws IOException if it doesn't start or ends at once; the message ends with what it said
     *
     * @param name for messages
     */
    Child(final String name, final ProcessBuilder command) throws IOException {
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

    /** {@return its subject's description} */
    String describe() {
        return description;
    }

    /**
     * Runs {@code task} so many times and waits for it.
     *
     * @throws IOException if the process ends meanwhile
     */
    Round run(final Task task, final long count) throws IOException {
        final String[] answer = ask("run " + task + " " + count).split(" ");
        return new Round(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
    }

    /**
     * {@return GFLOP/s of one core's fused multiply-adds}
     *
     * @throws IOException if the process ends meanwhile
     */
    double peak() throws IOException {
        return Double.parseDouble(ask("peak"));
    }

    /**
     * {@return the losses of the next {@code count} steps}
     *
     * @throws IOException if the process ends meanwhile
     */
    double[] losses(final int count) throws IOException {
        return Arrays.stream(ask("losses " + count).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /**
     * {@return the gradients of a step on batch 0, which it takes, by each weight}
     *
     * @throws IOException if the process ends meanwhile
     */
    List<float[]> gradients() throws IOException {
        final Path file = Files.createTempFile("greenwave-bench", ".gradients");
        try {
            ask("gradients " + file);
            return Gradients.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private String ask(final String request) throws IOException {
        requests.println(request);
        return answer();
    }

    private String answer() throws IOException {
        final String line = answers.readLine();
        if (line == null || !line.startsWith(Worker.ANSWER)) {
            final String said = answers.lines().collect(Collectors.joining(" ", line + " ", " "));
            throw new IOException(
                    "peers: %s ended: %s"
                            .formatted(
                                    name,
                                    (said + Files.readString(errors)).replaceAll("\\s+", " ")));
        }
        return line.substring(Worker.ANSWER.length());
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
            System.getLogger(Child.class.getName())
                    .log(System.Logger.Level.WARNING, "peers: {0} stays: {1}", errors, e);
        }
    }
}
