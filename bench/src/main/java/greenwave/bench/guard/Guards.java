package greenwave.bench.guard;

import greenwave.bench.BenchProcess;
import greenwave.bench.Dialogue;
import greenwave.bench.Quartiles;

import java.io.IOException;
import java.util.List;

/** A JVM in which paths are measured, one after another. */
final class Guards implements AutoCloseable {
    /**
     * How long is measured.
     *
     * @param warmSeconds processor time of path and floor before, at least
     * @param pairs rounds of each
     * @param longPairs of paths whose operation is itself longer than a round
     */
    record Effort(double warmSeconds, int pairs, int longPairs) {
        static final Effort QUICK = new Effort(1.2, 150, 15);
        static final Effort FULL = new Effort(5, 1000, 60);
    }

    private final Dialogue worker;

    Guards() throws IOException {
        worker =
                new Dialogue(
                        "guard",
                        BenchProcess.java(
                                "",
                                List.of(
                                        "-Xms512m",
                                        "-Xmx512m",
                                        "-XX:+UseSerialGC",
                                        "-Dgreenwave.threads=1"),
                                GuardWorker.class.getName(),
                                List.of()));
    }

    /** {@return where it runs} */
    Machine machine() {
        final String[] parts = worker.describe().split(" ");
        return new Machine(parts[0], parts[1]);
    }

    /** {@return what {@code path} does, which may allocate {@code expectedBytes}} */
    Meter.Reading measure(
            final HotPath path, final Effort effort, final Plant plant, final long expectedBytes)
            throws IOException {
        final int pairs = path.isLong() ? effort.longPairs() : effort.pairs();
        final String[] answer =
                worker.ask(
                                "%s;%s;%d;%s;%d"
                                        .formatted(
                                                path.label(),
                                                effort.warmSeconds(),
                                                pairs,
                                                plant,
                                                expectedBytes))
                        .split(" ");
        return new Meter.Reading(
                new Quartiles(
                        Double.parseDouble(answer[0]),
                        Double.parseDouble(answer[1]),
                        Double.parseDouble(answer[2])),
                Double.parseDouble(answer[3]),
                Long.parseLong(answer[4]));
    }

    @Override
    public void close() {
        worker.close();
    }
}
