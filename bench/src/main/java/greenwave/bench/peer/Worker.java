package greenwave.bench.peer;

import greenwave.bench.Dialogue;
import greenwave.bench.FmaPeak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;

/**
 * The child's end of a {@link Child}: describes its subject on one line, then answers each line of its input with one
 * line, until the input ends. Answers start with {@link Dialogue#ANSWER}, unlike what a dying JVM prints.
 *
 * <ul>
 *   <li>{@code run TASK COUNT}: nanoseconds that COUNT runs took, by the clock and of this thread's processor time
 *   <li>{@code losses COUNT}: the loss of each of COUNT steps, batch k being number k modulo 16
 *   <li>{@code gradients FILE}: takes a step on batch 0 and leaves its gradients in FILE, as {@link Gradients} has it
 *   <li>{@code peak}: GFLOP/s of {@link FmaPeak}
 * </ul>
 */
public final class Worker {
    private static final int BATCHES = 16; // few, so that the losses fall

    private final Subject subject;
    private final PeerNet net;
    private final int batch;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private Worker(final Subject subject, final PeerNet net, final int batch) {
        this.subject = subject;
        this.net = net;
        this.batch = batch;
    }

    /** Serves this process's standard input. */
    public static void serve(final Subject subject, final PeerNet net, final int batch)
            throws IOException {
        subject.load(TransitionBatch.of(net, batch, 0));
        final Worker worker = new Worker(subject, net, batch);
        final PrintStream out = System.out;
        out.println(Dialogue.ANSWER + subject.describe());
        final BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(Dialogue.ANSWER + worker.answer(line));
        }
    }

    private String answer(final String line) throws IOException {
        final String[] request = line.split(" ");
        return switch (request[0]) {
            case "run" -> time(Task.valueOf(request[1]), Long.parseLong(request[2]));
            case "peak" -> Double.toString(FmaPeak.gflops());
            case "losses" -> losses(Integer.parseInt(request[1]));
            case "gradients" -> gradients(Path.of(line.substring("gradients ".length())));
            default -> throw new IllegalArgumentException("worker: request=" + request[0]);
        };
    }

    private String time(final Task task, final long count) {
        final Runnable work = subject.work(task);
        final long cpu = threads.getCurrentThreadCpuTime();
        final long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            work.run();
        }
        final long wall = System.nanoTime() - start;
        return wall + " " + (threads.getCurrentThreadCpuTime() - cpu);
    }

    private String losses(final int count) {
        final StringJoiner losses = new StringJoiner(" ");
        for (int step = 0; step < count; step++) {
            subject.load(TransitionBatch.of(net, batch, step % BATCHES));
            losses.add(Float.toString(subject.trainStepLoss()));
        }
        return losses.toString();
    }

    private String gradients(final Path file) throws IOException {
        subject.load(TransitionBatch.of(net, batch, 0));
        final float loss = subject.trainStepLoss();
        Gradients.write(file, subject.gradients());
        return Float.toString(loss);
    }
}
