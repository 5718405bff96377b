package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.signal.Reading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes one world's metrics as sumo-rl does: a file {@code PREFIX_connWORLD_epEPISODE.csv} per episode,
 * counted from 1, a row per decision. Each is written when its episode ends, the last one too.
 */
public final class SumoRlCsv implements WorldListener {
    private static final double LEAST_PLAIN = 1e-4;
    private static final double LEAST_WITH_EXPONENT = 1e16;

    private final String prefix;
    private final SumoRlMetrics metrics;
    private final boolean firstRow;
    private final List<String> lines = new ArrayList<>();

    /**
     * A writer for one world.
     *
     * @param prefix path that file names begin with
     * @param metrics which columns to write
     * @param firstRow whether an episode's start is a row: as sumo-rl does for a single agent alone
     */
    public SumoRlCsv(final String prefix, final SumoRlMetrics metrics, final boolean firstRow) {
        this.prefix = prefix;
        this.metrics = metrics;
        this.firstRow = firstRow;
    }

    @Override
    public Set<Reading> readings() {
        return SumoRlMetrics.READINGS;
    }

    @Override
    public void onStart(final WorldView now) {
        final Map<String, Number> row = metrics.of(now);
        lines.clear();
        lines.add(String.join(",", row.keySet()));
        if (firstRow) {
            add(row);
        }
    }

    @Override
    public void onDecision(final WorldView now) {
        add(metrics.of(now));
    }

    private void add(final Map<String, Number> row) {
        lines.add(row.values().stream().map(SumoRlCsv::text).collect(Collectors.joining(",")));
    }

    @Override
    public void onEnd(final EpisodeEnd end) {
        final Path file =
                Path.of("%s_conn%d_ep%d.csv".formatted(prefix, end.world(), end.episode() + 1));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, String.join("\n", lines) + '\n');
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a number as Python writes it} */
    private static String text(final Number number) {
        if (number instanceof Integer) {
            return number.toString();
        }
        final double value = number.doubleValue();
        final double size = Math.abs(value);
        if (size >= LEAST_PLAIN && size < LEAST_WITH_EXPONENT || value == 0) {
            final String plain = new BigDecimal(Double.toString(value)).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        final String[] parts = Double.toString(value).split("E"); // 1.0E-5 is 1e-05 there
        final int exponent = Integer.parseInt(parts[1]);
        return parts[0].replaceFirst("\\.0$", "")
                + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
