package greenwave.engine.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces a file as a whole: a reader, or a crash, meets the old one or the new one, never a part. */
public final class AtomicFile {
    /** Writes the new content. */
    public interface Content {
        /** Writes to {@code channel} from its start. */
        void writeTo(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code file} by way of a temporary file beside it, which is forced to disk and renamed.
     *
     * @throws IOException if that fails; {@code file} is as it was, the temporary file is gone
     */
    public static void write(final Path file, final Content content) throws IOException {
        final Path folder = file.toAbsolutePath().getParent();
        final Path temporary = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary); // there only if something failed
        }
        force(folder); // the new name, too
    }

    /** As {@link #write(Path, Content)}, of {@code bytes}. */
    public static void write(final Path file, final byte[] bytes) throws IOException {
        write(file, channel -> Bytes.writeFully(channel, bytes));
    }

    /** Waits until what {@code file} holds, or the names in it if it is a folder, has reached the disk. */
    static void force(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
