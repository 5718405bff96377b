package greenwave.bench.sumo;

import greenwave.sim.SumoConfig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** SUMO's command line as Greenwave has it, for a SUMO that others start. */
public final class SumoLine {
    private SumoLine() {}

    /**
     * {@return the command line of {@code config}, without seed, outputs and end}
     *
     * @param additional files beside the scenario's
     */
    public static List<String> of(
            final String sumo, final SumoConfig config, final List<Path> additional) {
        final List<String> line =
                new ArrayList<>(
                        List.of(
                                sumo,
                                "--max-depart-delay=-1",
                                "--waiting-time-memory=1000",
                                "--no-warnings=true",
                                "--no-step-log=true",
                                "--net-file=" + config.network(),
                                "--route-files=" + joined(config.routes()),
                                "--begin=" + config.begin()));
        if (!config.options().contains("--time-to-teleport")) {
            line.add("--time-to-teleport=-1");
        }
        line.addAll(config.options());
        final List<Path> files = new ArrayList<>(config.additional());
        files.addAll(additional);
        if (!files.isEmpty()) {
            line.add("--additional-files=" + joined(files));
        }
        return line;
    }

    private static String joined(final List<Path> files) {
        return String.join(",", files.stream().map(Path::toString).toList());
    }
}
