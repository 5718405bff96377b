package greenwave.sim;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system with room for a page: a tmpfs, mounted by a process in a mount namespace of its own, with a user namespace
 * around it unless the user is root. Others get there through {@code /proc}; it is gone with the process.
 */
final class FullDisk implements AutoCloseable {
    /** What fits on it. */
    static final long BYTES = 4096;

    private static final String MOUNT =
            "mount -t tmpfs -o size=" + BYTES + " none /mnt && echo mounted && exec cat";

    private final Process holder;
    private final String refusal;

    private FullDisk(final Process holder, final String refusal) {
        this.holder = holder;
        this.refusal = refusal;
    }

    /** Mounts it, if that may be done. */
    static FullDisk mount() throws IOException {
        String refusal = null;
        for (final List<String> namespace :
                List.of(
                        List.of("unshare", "--mount", "sh", "-c", MOUNT),
                        List.of(
                                "unshare",
                                "--user",
                                "--map-root-user",
                                "--mount",
                                "sh",
                                "-c",
                                MOUNT))) {
            final Process process = new ProcessBuilder(namespace).redirectErrorStream(true).start();
            final BufferedReader said = process.inputReader();
            refusal = said.readLine();
            if ("mounted".equals(refusal)) {
                return new FullDisk(process, null);
            }
        }
        return new FullDisk(null, refusal);
    }

    /** {@return why there is none, or null} */
    String refusal() {
        return refusal;
    }

    /** {@return its root} */
    Path path() {
        return Path.of("/proc", Long.toString(holder.pid()), "root", "mnt");
    }

    @Override
    public void close() {
        if (holder != null) {
            holder.destroyForcibly().onExit().join();
        }
    }
}
