package greenwave.engine.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The SHA-256 of every file of a folder, in a file beside them that {@code sha256sum --check} reads: it shows whether the
 * folder is as it was written, with no file lost, added or changed.
 */
final class Checksums {
    private static final String FILE = "SHA256SUMS";
    private static final String SEPARATOR = "  ";

    private Checksums() {}

    /** Writes the sums of the files in {@code folder}, all of which reach the disk. */
    static void write(final Path folder) throws IOException {
        for (final Path file : files(folder)) {
            AtomicFile.force(file);
        }
        final byte[] text =
                String.join("", lines(folder).values()).getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve(FILE),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW)) {
            Bytes.writeFully(channel, text);
            channel.force(true);
        }
        AtomicFile.force(folder);
    }

    /**
     * Sees that {@code folder} is as it was written.
     *
     * @throws IOException naming the first file that is not
     */
    static void check(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("%s is no folder".formatted(folder));
        }
        final Path sums = folder.resolve(FILE);
        if (!Files.isRegularFile(sums)) {
            throw new IOException("%s is missing".formatted(sums));
        }
        final String written = new String(Files.readAllBytes(sums), StandardCharsets.UTF_8);
        final Map<String, String> found = lines(folder);
        for (final Map.Entry<String, String> line : found.entrySet()) {
            if (!written.contains(line.getValue())) {
                throw new IOException(
                        "%s: its SHA-256 is not the one in %s"
                                .formatted(folder.resolve(line.getKey()), FILE));
            }
        }
        if (!written.equals(String.join("", found.values()))) {
            throw new IOException("%s names other files than there are".formatted(sums));
        }
    }

    /** By file, its line. */
    private static Map<String, String> lines(final Path folder) throws IOException {
        final Map<String, String> lines = new TreeMap<>();
        for (final Path file : files(folder)) {
            final String name = file.getFileName().toString();
            lines.put(name, Sha256.of(file) + SEPARATOR + name + "\n");
        }
        return lines;
    }

    private static List<Path> files(final Path folder) throws IOException {
        final List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(folder)) {
            found.filter(file -> !file.getFileName().toString().equals(FILE)).forEach(files::add);
        }
        return files;
    }
}
