package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import greenwave.sim.SignalTiming;
import greenwave.sim.signal.Countdown;
import greenwave.sim.signal.Switching;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How this command writes and reads JSON. */
final class Json {
    /** Rules of switching are told apart by their fields. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(SignalTiming.class), @JsonSubTypes.Type(Countdown.class)})
    private interface Rules {}

    /** Indents; refuses an object that lacks a field, ignores fields it does not know. */
    static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addMixIn(Switching.class, Rules.class)
                    .build();

    private Json() {}

    /** Writes {@code content} and a line end. */
    static void write(final Path file, final Object content) throws IOException {
        Files.writeString(file, MAPPER.writeValueAsString(content) + System.lineSeparator());
    }
}
