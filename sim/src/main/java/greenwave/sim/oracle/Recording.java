package greenwave.sim.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of JSON lines, plain or gzipped: a header, then an object per decision.
 *
 * @param file where it was read from
 * @param header its first line
 * @param rows the lines after it; a file may hold further headers
 */
record Recording(Path file, JsonNode header, List<JsonNode> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GZIP_MAGIC = 0x1f8b;

    /**
     * Reads {@code file}.
     *
     * @throws IllegalArgumentException naming file and line if it is missing, damaged or no recording
     */
    static Recording read(final Path file) {
        final List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(decompressed(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    lines.add(parse(line));
                }
            }
        } catch (final NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file", e);
        } catch (final JsonProcessingException e) {
            throw damaged(file, lines.size() + 1, e.getOriginalMessage());
        } catch (final IOException e) {
            throw damaged(file, lines.size() + 1, String.valueOf(e.getMessage()));
        }
        if (lines.isEmpty() || !lines.getFirst().path("format").isTextual()) {
            throw new IllegalArgumentException(
                    file + ": no recording, expected a first line with a format");
        }
        return new Recording(file, lines.getFirst(), lines.subList(1, lines.size()));
    }

    private static JsonNode parse(final String line) throws JsonProcessingException {
        final JsonNode node = JSON.readTree(line);
        if (!node.isObject()) {
            throw new com.fasterxml.jackson.core.JsonParseException(null, "expected an object");
        }
        return node;
    }

    private static IllegalArgumentException damaged(
            final Path file, final int line, final String why) {
        return new IllegalArgumentException("%s:%d: damaged: %s".formatted(file, line, why));
    }

    private static InputStream decompressed(final Path file) throws IOException {
        final InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        raw.mark(2);
        final int magic = raw.read() << 8 | raw.read();
        raw.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(raw) : raw;
    }

    /** {@return the name of its format} */
    String format() {
        return header.get("format").asText();
    }

    /** {@return what its makers have to say about it; empty if nothing} */
    String note() {
        return header.path("note").asText("");
    }

    /** {@return whether its makers say that nobody need match it} */
    boolean needNotMatch() {
        return note().contains("need not");
    }
}
