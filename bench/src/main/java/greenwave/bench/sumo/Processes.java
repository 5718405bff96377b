package greenwave.bench.sumo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Programs that run side by side, one per world, to the end. */
final class Processes {
    private Processes() {}

    /**
     * {@return what each of {@code commands} printed}
     *
     * @param environment changes a copy of this JVM's environment to theirs
     * @throws IOException if one fails, with what it said
     */
    static List<String> run(
            final List<List<String>> commands,
            final Consumer<Map<String, String>> environment,
            final Path folder)
            throws IOException {
        final List<Process> processes = new ArrayList<>();
        final List<Path> outputs = new ArrayList<>();
        try {
            for (int i = 0; i < commands.size(); i++) {
                final Path output = folder.resolve("output-" + i + ".txt");
                outputs.add(output);
                final ProcessBuilder builder =
                        new ProcessBuilder(commands.get(i))
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile());
                builder.environment().putIfAbsent("SUMO_HOME", "/usr/share/sumo");
                environment.accept(builder.environment());
                processes.add(builder.start());
            }
            final List<String> said = new ArrayList<>();
            for (int i = 0; i < processes.size(); i++) {
                final int status = processes.get(i).waitFor();
                said.add(Files.readString(outputs.get(i)));
                if (status != 0) {
                    throw new IOException(
                            "sumo: %s ended with status %d: %s"
                                    .formatted(
                                            commands.get(i).getFirst(),
                                            status,
                                            said.getLast().strip()));
                }
            }
            return said;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("sumo: interrupted", e);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }
}
