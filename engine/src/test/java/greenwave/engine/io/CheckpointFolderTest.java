package greenwave.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class CheckpointFolderTest {
    @TempDir private Path temporary;
    private Path folder;
    private CheckpointFolder checkpoints;

    @BeforeEach
    void open() {
        folder = temporary.resolve("run/checkpoints");
        checkpoints = new CheckpointFolder(folder, 2);
    }

    private Path write(final long number) throws IOException {
        return checkpoints.write(
                number,
                inside -> {
                    Files.writeString(inside.resolve("a.txt"), "a" + number);
                    Files.writeString(inside.resolve("b.txt"), "b" + number);
                });
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theLastOnesStay() throws IOException {
        assertEquals(Optional.empty(), checkpoints.newest());
        for (final long number : new long[] {7, 30, 200, 123_456_789}) {
            assertEquals(Optional.of(write(number)), checkpoints.newest());
        }
        assertEquals(List.of("00000200", "123456789"), names());
        assertEquals("b200", Files.readString(folder.resolve("00000200/b.txt")));
    }

    @Test
    void itsSumsAreThoseOfAnyTool() throws Exception {
        final Path checkpoint = write(1);
        final Process check =
                new ProcessBuilder("sha256sum", "--check", "--strict", "SHA256SUMS")
                        .directory(checkpoint.toFile())
                        .redirectErrorStream(true)
                        .start();
        final String printed = new String(check.getInputStream().readAllBytes());
        assertEquals(0, check.waitFor(), printed);
        assertEquals("a.txt: OK\nb.txt: OK\n", printed);
    }

    @Test
    void aDamagedOneGivesWayToTheOneBefore() throws IOException {
        final Path before = write(1);
        for (final String file : List.of("a.txt", "b.txt", "SHA256SUMS")) {
            final Path damaged = write(2).resolve(file);
            for (long at = 0; at < Files.size(damaged); at += 37) {
                flip(damaged, at);
                assertEquals(Optional.of(before), checkpoints.newest(), file + " at " + at);
                flip(damaged, at);
            }
            assertEquals(Optional.of(damaged.getParent()), checkpoints.newest());
        }
    }

    private static void flip(final Path file, final long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            final int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 0x10);
        }
    }

    @Test
    void aFileLostOrAddedIsDamage() throws IOException {
        final Path before = write(1);
        Files.delete(write(2).resolve("b.txt"));
        assertEquals(Optional.of(before), checkpoints.newest());
        Files.writeString(write(2).resolve("c.txt"), "");
        assertEquals(Optional.of(before), checkpoints.newest());
        Files.delete(write(2).resolve("SHA256SUMS"));
        assertEquals(Optional.of(before), checkpoints.newest());
        Files.writeString(write(2).resolve("SHA256SUMS"), "");
        assertEquals(Optional.of(before), checkpoints.newest());
        Files.writeString(folder.resolve("00000003"), "no folder");
        assertEquals(Optional.of(before), checkpoints.newest());
    }

    @Test
    void whereAllAreDamagedItSaysSo() throws IOException {
        Files.delete(write(1).resolve("a.txt"));
        Files.delete(write(2).resolve("a.txt"));
        final IOException problem = assertThrows(IOException.class, checkpoints::newest);
        assertEquals(
                "checkpoints=%s: all are damaged, the oldest because %s names other files than there are"
                        .formatted(folder, folder.resolve("00000001/SHA256SUMS")),
                problem.getMessage());
    }

    @Test
    void whatWasNotFinishedIsNoCheckpoint() throws IOException {
        final Path one = write(1);
        assertThrows(
                IOException.class,
                () ->
                        checkpoints.write(
                                2,
                                inside -> {
                                    Files.writeString(inside.resolve("a.txt"), "half");
                                    throw new IOException("No space left on device");
                                }));
        assertEquals(List.of("00000001"), names());
        Files.createDirectory(folder.resolve(".unfinished-00000002"));
        assertEquals(Optional.of(one), checkpoints.newest());
        write(3);
        assertEquals(List.of("00000001", "00000003"), names());
    }
}
