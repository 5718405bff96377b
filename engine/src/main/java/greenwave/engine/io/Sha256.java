package greenwave.engine.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Fingerprints of files and memory. */
public final class Sha256 {
    private Sha256() {}

    /**
     * {@return the SHA-256 of {@code file} in hexadecimal}
     *
     * @throws IOException if it cannot be read
     */
    public static String of(final Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            final MessageDigest digest = digest();
            new DigestInputStream(bytes, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** {@return the SHA-256 of {@code bytes}, at most 2 GiB, in hexadecimal} */
    static String of(final MemorySegment bytes) {
        final MessageDigest digest = digest();
        digest.update(bytes.asByteBuffer());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
