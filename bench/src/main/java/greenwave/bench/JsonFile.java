package greenwave.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON as the commands write it: indented, with a newline at its end. */
public final class JsonFile {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonFile() {}

    /** Writes {@code content}; does nothing where {@code file} is null: nobody asked for one. */
    public static void write(final Path file, final Object content) throws IOException {
        if (file != null) {
            Files.writeString(file, MAPPER.writeValueAsString(content) + System.lineSeparator());
        }
    }

    /** {@return what {@code file} holds} */
    public static <T> T read(final Path file, final Class<T> type) throws IOException {
        return MAPPER.readValue(file.toFile(), type);
    }
}
