package greenwave.bench.peer;

import greenwave.bench.Dialogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The parent's end of a process that runs a {@link Worker}. */
final class Child implements AutoCloseable {
    /**
     * What one round took.
     *
     * @param wallNanos by the clock
     * @param cpuNanos processor time of the thread: less if it was made to wait
     */
    record Round(long wallNanos, long cpuNanos) {}

    private final Dialogue process;

    /**
     * Starts a process and waits until its subject is ready.
     *
     * @throws IOException if it doesn't start or ends at once; the message ends with what it said
     *
     * @param name for messages
     */
    Child(final String name, final ProcessBuilder command) throws IOException {
        this.process = new Dialogue("peers: " + name, command);
    }

    /** {@return its subject's description} */
    String describe() {
        return process.describe();
    }

    /**
     * Runs {@code task} so many times and waits for it.
     *
     * @throws IOException if the process ends meanwhile
     */
    Round run(final Task task, final long count) throws IOException {
        final String[] answer = process.ask("run " + task + " " + count).split(" ");
        return new Round(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
    }

    /**
     * {@return GFLOP/s of one core's fused multiply-adds}
     *
     * @throws IOException if the process ends meanwhile
     */
    double peak() throws IOException {
        return Double.parseDouble(process.ask("peak"));
    }

    /**
     * {@return the losses of the next {@code count} steps}
     *
     * @throws IOException if the process ends meanwhile
     */
    double[] losses(final int count) throws IOException {
        return Arrays.stream(process.ask("losses " + count).split(" "))
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
            process.ask("gradients " + file);
            return Gradients.read(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
