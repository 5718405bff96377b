package greenwave.sim.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Reads fields of a recording, which may lack any. */
final class Fields {
    private Fields() {}

    /**
     * {@return a field of {@code node}}
     *
     * @throws IllegalArgumentException if there is none
     */
    static JsonNode need(final JsonNode node, final String name) {
        final JsonNode field = node.get(name);
        if (field == null) {
            throw new IllegalArgumentException("field %s is missing".formatted(name));
        }
        return field;
    }

    /** {@return the texts of an array; none if it is no array} */
    static List<String> texts(final JsonNode array) {
        final List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** {@return the doubles of an array; none if it is no array} */
    static List<Double> doubles(final JsonNode array) {
        final List<Double> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }
}
