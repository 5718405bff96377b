package greenwave.kernels.cuda;

import jcuda.JCudaVersion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads JCuda's native halves out of their jars. JCuda would do that itself, but not where its jars are modules (it asks
 * its own module for a file of another), and only for the CUDA version that it was built with.
 *
 * <p>JCuda takes a file that already lies in {@code java.io.tmpdir} as it is. So the file is put into a private folder,
 * and while the class initialises that property names the folder; both are gone afterwards.
 */
final class JcudaNatives {
    private static final String TEMPORARY = "java.io.tmpdir";

    private JcudaNatives() {}

    /**
     * Loads the native half of {@code type} for the life of the JVM.
     *
     * @param type the class that calls it
     * @param library its name, without version and platform
     * @param from a library that it was linked with; null to leave it as it is
     * @param to the library of the same interface that it gets
     * @throws IOException if a jar is missing or the system refuses to load; the message says which
     */
    static synchronized void load(
            final String type, final String library, final String from, final String to)
            throws IOException {
        final String file = "lib%s-%s-linux-x86_64.so".formatted(library, JCudaVersion.get());
        final byte[] elf = read(file);
        if (from != null && !from.equals(to)) {
            SonameRetarget.retarget(elf, from, to);
        }
        final Path folder = Files.createTempDirectory("greenwave-jcuda-");
        final String temporary = System.getProperty(TEMPORARY);
        final Path copy = folder.resolve(file);
        try {
            Files.write(copy, elf);
            System.setProperty(TEMPORARY, folder.toString());
            Class.forName(type, true, JcudaNatives.class.getClassLoader());
        } catch (final ClassNotFoundException | LinkageError e) {
            throw new IOException("%s does not load: %s".formatted(file, reason(e)), e);
        } finally {
            System.setProperty(TEMPORARY, temporary);
            Files.deleteIfExists(copy); // Linux keeps a mapped file alive
            Files.deleteIfExists(folder);
        }
    }

    private static byte[] read(final String file) throws IOException {
        try (InputStream in =
                JcudaNatives.class.getClassLoader().getResourceAsStream("lib/" + file)) {
            if (in == null) {
                throw new IOException(
                        "resource lib/%s not found on the class path".formatted(file));
            }
            return in.readAllBytes();
        }
    }

    /** The one line of JCuda's long report that names the cause. */
    private static String reason(final Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage())
                .lines()
                .filter(line -> line.contains(".so") && line.contains(": "))
                .reduce((_, last) -> last)
                .orElse(String.valueOf(cause.getMessage()))
                .strip();
    }
}
