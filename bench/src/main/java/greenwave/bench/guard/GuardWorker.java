package greenwave.bench.guard;

import greenwave.bench.Dialogue;
import greenwave.bench.Quartiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The child's end of a {@link Guards} process: says what machine it runs on, then measures a path for each line of its input:
 * label, seconds to warm up, pairs of rounds, what is planted, expected bytes per operation, parted by semicolons.
 */
public final class GuardWorker {
    private GuardWorker() {}

    /** Serves until its input ends. */
    public static void main(final String[] args) throws IOException {
        final Machine machine = Machine.here();
        System.out.println(Dialogue.ANSWER + machine.isa() + " " + machine.cpu());
        final BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(Dialogue.ANSWER + answer(line.split(";")));
        }
    }

    private static String answer(final String[] request) {
        final HotPath path = HotPath.labelled(request[0]);
        final double warm = Double.parseDouble(request[1]);
        final int pairs = Integer.parseInt(request[2]);
        try (Duel duel = Plant.valueOf(request[3]).in(path.open())) {
            final Meter.Reading reading =
                    new Meter(duel, warm, pairs).measure(Long.parseLong(request[4]));
            final Quartiles ratio = reading.ratio();
            return "%s %s %s %s %d"
                    .formatted(
                            ratio.low(),
                            ratio.median(),
                            ratio.high(),
                            reading.pathMicros(),
                            reading.bytesPerOp());
        }
    }
}
