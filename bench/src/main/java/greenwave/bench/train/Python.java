package greenwave.bench.train;

import greenwave.bench.BenchProcess;
import greenwave.bench.Dialogue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Python that the peer runs on: Debian's, with python3-torch, python3-numpy and sumo-tools. */
final class Python {
    private static final String TOOLS = "/usr/share/sumo/tools";
    private static final List<String> FILES =
            List.of("train.py", "dqn.py", "worlds.py", "signals.py");

    private Python() {}

    private static String executable() {
        return System.getProperty("greenwave.bench.python", "/usr/bin/python3");
    }

    private static ProcessBuilder process(final String... arguments) {
        final ProcessBuilder builder = BenchProcess.of(new ArrayList<>(List.of(arguments)));
        builder.command().addFirst(executable());
        final Map<String, String> environment = builder.environment();
        environment.put("PYTHONPATH", TOOLS);
        environment.put("OMP_NUM_THREADS", "1");
        environment.putIfAbsent("SUMO_HOME", "/usr/share/sumo");
        return builder;
    }

    /** {@return why the peer can't run here, if it can't} */
    static Optional<String> missing() throws IOException {
        try {
            final Process process =
                    process("-c", "import numpy, torch, traci").redirectErrorStream(true).start();
            final String said = new String(process.getInputStream().readAllBytes()).strip();
            return process.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of(
                            "%s (apt-get install python3-torch python3-numpy sumo-tools)"
                                    .formatted(said.lines().reduce((_, last) -> last).orElse("")));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("train: interrupted", e);
        } catch (final IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Starts the peer on the course in {@code file}; its sources are put beside that. */
    static Dialogue start(final Path file) throws IOException {
        for (final String source : FILES) {
            try (InputStream bytes = Python.class.getResourceAsStream(source)) {
                Files.copy(bytes, file.resolveSibling(source));
            }
        }
        return new Dialogue(
                "train: the Python peer",
                process(file.resolveSibling("train.py").toString(), file.toString()));
    }
}
