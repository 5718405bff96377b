package greenwave.sim.libtraci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has started: SUMO, where the program that was started is a script. */
final class Descendants {
    private Descendants() {}

    /**
     * {@return the processes that {@code process} has started, and so on} To go through all processes
     * of the machine takes long, so that the kernel is asked first whether there are any.
     */
    static List<ProcessHandle> of(final Process process) {
        final Path children = Path.of("/proc/%1$d/task/%1$d/children".formatted(process.pid()));
        try {
            if (Files.readString(children).isBlank()) {
                return List.of();
            }
        } catch (final IOException e) {
            if (!process.isAlive()) {
                return List.of();
            }
            // else a kernel that does not tell
        }
        return process.descendants().toList();
    }
}
