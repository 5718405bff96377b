package greenwave.engine.nn;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.io.Safetensors;
import greenwave.kernels.DType;

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
 * The weights of one network or several in one safetensors file. A prefix goes before the names of
 * each network's parameters; a lone network has the empty prefix, which leaves PyTorch's names.
 */
public final class NetFile {
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
        parameters(nets).forEach((name, parameter) -> entries.add(entry(name, parameter)));
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
        return new Safetensors.Entry(name, DType.F32, parameter.shape(), data);
    }

    private static void check(
            final Path file,
            final Map<String, Safetensors.Entry> found,
            final Map<String, Parameter> expected) {
        if (!found.keySet().equals(expected.keySet())) {
            throw new IllegalArgumentException(
                    "load: file=%s, tensors=%s, expected %s"
                            .formatted(
                                    file,
                                    new TreeSet<>(found.keySet()),
                                    new TreeSet<>(expected.keySet())));
        }
        expected.forEach(
                (name, parameter) -> {
                    final Safetensors.Entry entry = found.get(name);
                    if (entry.dtype() != DType.F32 || !entry.shape().equals(parameter.shape())) {
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
