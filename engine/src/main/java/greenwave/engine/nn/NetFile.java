package greenwave.engine.nn;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.io.Safetensors;
import greenwave.engine.io.StoredType;
import greenwave.engine.tensor.Shape;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The weights of one network or several in one safetensors file. A prefix goes before the names of each network's
 * parameters; a lone network has the empty prefix, which leaves PyTorch's names.
 *
 * <p>Beside the running statistics of batch normalisation stands {@code num_batches_tracked}, a scalar I64, since PyTorch
 * insists on it. It is 0 when written and ignored when read: it counts only where PyTorch's momentum is None.
 */
public final class NetFile {
    private static final String STATISTIC = "running_mean";
    private static final String COUNT = "num_batches_tracked";

    private NetFile() {}

    /**
     * Writes the weights of {@code nets}, by prefix.
     *
     * @param metadata strings that travel in the file's header
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     */
    public static void save(
            final Path file,
            final Map<String, String> metadata,
            final Map<String, ? extends Network> nets)
            throws IOException {
        final List<Safetensors.Entry> entries = new ArrayList<>();
        final Map<String, Parameter> parameters = parameters(nets);
        parameters.forEach((name, parameter) -> entries.add(entry(name, parameter)));
        counts(parameters).forEach(name -> entries.add(count(name)));
        Safetensors.write(file, metadata, entries);
    }

    /**
     * Reads the weights of {@code nets}, by prefix, as {@link #save} or PyTorch has written them.
     *
     * @return the strings in the file's header
     * @throws IOException if the file cannot be read or is damaged; all weights are unchanged
     * @throws IllegalArgumentException if it belongs to networks of another shape; all weights are
     *     unchanged
     */
    public static Map<String, String> load(
            final Path file, final Map<String, ? extends Network> nets) throws IOException {
        final Safetensors.Contents contents = Safetensors.read(file);
        final Map<String, Parameter> parameters = parameters(nets);
        check(file, contents.tensors(), parameters);
        parameters.forEach(
                (name, parameter) ->
                        parameter
                                .value()
                                .upload(
                                        0,
                                        contents.tensors().get(name).data(),
                                        0,
                                        parameter.shape().size()));
        return contents.metadata();
    }

    private static Map<String, Parameter> parameters(final Map<String, ? extends Network> nets) {
        final Map<String, Parameter> parameters = new LinkedHashMap<>();
        nets.forEach(
                (prefix, net) ->
                        net.parameters().all().forEach(p -> parameters.put(prefix + p.name(), p)));
        return parameters;
    }

    private static Safetensors.Entry entry(final String name, final Parameter parameter) {
        final long size = parameter.shape().size();
        final MemorySegment data = Arena.ofAuto().allocate(size * Float.BYTES, Float.BYTES);
        parameter.value().download(0, data, 0, size);
        return new Safetensors.Entry(name, StoredType.F32, parameter.shape(), data);
    }

    /** The names of the counts that PyTorch keeps beside running statistics. */
    private static List<String> counts(final Map<String, Parameter> parameters) {
        return parameters.keySet().stream()
                .filter(name -> name.equals(STATISTIC) || name.endsWith("." + STATISTIC))
                .map(name -> name.substring(0, name.length() - STATISTIC.length()) + COUNT)
                .toList();
    }

    private static Safetensors.Entry count(final String name) {
        return new Safetensors.Entry(
                name, StoredType.I64, Shape.of(), Arena.ofAuto().allocate(Long.BYTES));
    }

    private static void check(
            final Path file,
            final Map<String, Safetensors.Entry> found,
            final Map<String, Parameter> expected) {
        final TreeSet<String> names = new TreeSet<>(found.keySet());
        counts(expected).forEach(names::remove);
        if (!names.equals(expected.keySet())) {
            throw new IllegalArgumentException(
                    "load: file=%s, tensors=%s, expected %s"
                            .formatted(file, names, new TreeSet<>(expected.keySet())));
        }
        expected.forEach(
                (name, parameter) -> {
                    final Safetensors.Entry entry = found.get(name);
                    if (entry.dtype() != StoredType.F32
                            || !entry.shape().equals(parameter.shape())) {
                        throw new IllegalArgumentException(
                                "load: file=%s, tensor=%s, found %s%s, expected F32%s"
                                        .formatted(
                                                file,
                                                name,
                                                entry.dtype(),
                                                entry.shape(),
                                                parameter.shape()));
                    }
                });
    }
}
