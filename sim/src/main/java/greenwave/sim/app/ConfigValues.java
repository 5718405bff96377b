package greenwave.sim.app;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings by key, where a later source overrides an earlier one; a refused value is named with the
 * source that it came from.
 */
final class ConfigValues {
    /** The source of what nobody has said. */
    static final String DEFAULT = "default";

    private record Value(Object value, String source) {}

    private final Map<String, Value> values = new LinkedHashMap<>();

    /** Sets {@code key}; a null {@code value} leaves it as it was. */
    void put(final String key, final Object value, final String source) {
        if (value != null) {
            values.put(key, new Value(value, source));
        }
    }

    /** Sets {@code key}, which is set, unless it has been set since its default. */
    void preset(final String key, final Object value, final String source) {
        if (values.get(key).source.equals(DEFAULT)) {
            values.put(key, new Value(value, source));
        }
    }

    /**
     * Overrides with a YAML mapping.
     *
     * @throws IllegalArgumentException if the file is no flat YAML mapping or has a key outside
     *     {@code known}; nothing is changed
     */
    void putFile(final Path file, final Set<String> known) throws IOException {
        final Object loaded = load(file.toString(), Files.readString(file));
        if (loaded == null) {
            return; // an empty file says nothing
        }
        if (!(loaded instanceof Map<?, ?> mapping)) {
            throw new IllegalArgumentException(
                    "%s: expected a YAML mapping of settings".formatted(file));
        }
        mapping.keySet().forEach(key -> requireKnown(file.toString(), key, known));
        mapping.forEach((key, value) -> put((String) key, value, file.toString()));
    }

    /**
     * Overrides {@code key} with {@code value}, a YAML scalar, list or mapping.
     *
     * @throws IllegalArgumentException if it is none, or {@code key} is not {@code known}; nothing is changed
     */
    void putYaml(
            final String key, final String value, final String source, final Set<String> known) {
        requireKnown(source, key, known);
        final Object loaded = load(source, value);
        if (loaded == null) {
            throw new IllegalArgumentException(
                    "%s: %s=%s, expected a value".formatted(source, key, value));
        }
        put(key, loaded, source);
    }

    private static Object load(final String source, final String yaml) {
        try {
            return new Load(LoadSettings.builder().setLabel(source).build()).loadFromString(yaml);
        } catch (MarkedYamlEngineException e) {
            final String line = e.getProblemMark().map(m -> ":" + (m.getLine() + 1)).orElse("");
            throw new IllegalArgumentException(
                    "%s%s: not valid YAML: %s".formatted(source, line, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    "%s: not valid YAML: %s".formatted(source, e.getMessage()), e);
        }
    }

    private static void requireKnown(
            final String source, final Object key, final Set<String> known) {
        if (!known.contains(key)) {
            throw new IllegalArgumentException(
                    "%s: unknown setting %s, expected one of %s"
                            .formatted(source, key, String.join(", ", known)));
        }
    }

    /**
     * Overrides with all of {@code other}, except that it may not change anything but {@code free}.
     *
     * @throws IllegalArgumentException naming the first setting that it would change, and its source; nothing is changed
     */
    void putUnchanged(final ConfigValues other, final Set<String> free) {
        other.values.forEach(
                (key, value) -> {
                    if (!free.contains(key) && !same(value.value, values.get(key).value)) {
                        throw other.refused(
                                key, "%s, as in the run".formatted(values.get(key).value));
                    }
                });
        values.putAll(other.values);
    }

    private static boolean same(final Object one, final Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
        }
        return one.equals(other);
    }

    /** {@return the text of {@code key}, which is set} */
    String text(final String key) {
        return String.valueOf(values.get(key).value);
    }

    /** {@return the text of {@code key}, one of {@code choices}} */
    String choice(final String key, final String... choices) {
        final String text = text(key);
        if (!List.of(choices).contains(text)) {
            throw refused(key, "one of " + String.join(", ", choices));
        }
        return text;
    }

    /** {@return the whole number of {@code key}, in [least, most]} */
    long integer(final String key, final long least, final long most) {
        final Value value = values.get(key);
        if (value.value instanceof Number n
                && n.doubleValue() == n.longValue()
                && n.longValue() >= least
                && n.longValue() <= most) {
            return n.longValue();
        }
        throw refused(key, "a whole number in [%d, %d]".formatted(least, most));
    }

    /** {@return the number of {@code key}, in [least, most]} */
    double number(final String key, final double least, final double most) {
        final Value value = values.get(key);
        if (value.value instanceof Number n
                && n.doubleValue() >= least
                && n.doubleValue() <= most) {
            return n.doubleValue();
        }
        throw refused(key, "a number in [%s, %s]".formatted(least, most));
    }

    /** {@return the truth value of {@code key}} */
    boolean flag(final String key) {
        if (values.get(key).value instanceof Boolean flag) {
            return flag;
        }
        throw refused(key, "true or false");
    }

    /** {@return the list of whole numbers in [least, most] of {@code key}, at least one} */
    List<Integer> integers(final String key, final int least, final int most) {
        final List<Integer> numbers = new ArrayList<>();
        if (values.get(key).value instanceof List<?> list && !list.isEmpty()) {
            for (final Object item : list) {
                if (item instanceof Integer n && n >= least && n <= most) {
                    numbers.add(n);
                }
            }
            if (numbers.size() == list.size()) {
                return List.copyOf(numbers);
            }
        }
        throw refused(key, "a list of whole numbers in [%d, %d]".formatted(least, most));
    }

    /** {@return the text, or the list of texts, of {@code key}; at least one} */
    List<String> texts(final String key) {
        if (!(values.get(key).value instanceof List<?> list)) {
            return List.of(text(key));
        }
        if (list.isEmpty() || !list.stream().allMatch(String.class::isInstance)) {
            throw refused(key, "a text or a list of texts");
        }
        return list.stream().map(String.class::cast).toList();
    }

    /** {@return the list of numbers of {@code key}, which may be empty} */
    List<Double> numbers(final String key) {
        if (values.get(key).value instanceof List<?> list
                && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(item -> ((Number) item).doubleValue()).toList();
        }
        throw refused(key, "a list of numbers");
    }

    /** {@return the mapping of whole numbers to lists of texts of {@code key}, which may be empty} */
    Map<Integer, List<String>> rows(final String key) {
        final Map<Integer, List<String>> rows = new LinkedHashMap<>();
        if (values.get(key).value instanceof Map<?, ?> mapping) {
            mapping.forEach(
                    (number, list) -> {
                        if (number instanceof final Integer n
                                && list instanceof List<?> texts
                                && texts.stream().allMatch(String.class::isInstance)) {
                            rows.put(n, texts.stream().map(String.class::cast).toList());
                        }
                    });
            if (rows.size() == mapping.size()) {
                return rows;
            }
        }
        throw refused(
                key,
                "rows of digits in quotes by number of incoming roads, as in {2: [\"33332333\", \"33333233\"]}");
    }

    /** {@return all settings as YAML, a line each} */
    String toYaml() {
        final Map<String, Object> plain = new LinkedHashMap<>();
        values.forEach((key, value) -> plain.put(key, value.value));
        final var settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(plain);
    }

    private IllegalArgumentException refused(final String key, final String expected) {
        final Value value = values.get(key);
        return new IllegalArgumentException(
                "%s: %s=%s, expected %s".formatted(value.source, key, value.value, expected));
    }
}
