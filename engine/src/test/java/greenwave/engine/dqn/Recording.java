package greenwave.engine.dqn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.io.Safetensors;
import greenwave.engine.nn.Parameters;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/** Tensors by name that PyTorch has written. */
record Recording(Map<String, Safetensors.Entry> tensors) {
    private static final double TOLERANCE = 1e-5; // of the largest element of a tensor

    static Recording of(final String resource) throws Exception {
        final var file = Recording.class.getResource(resource);
        return new Recording(Safetensors.read(Path.of(file.toURI())).tensors());
    }

    float[] floats(final String name) {
        return tensors.get(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Fills {@code parameters} from the tensors called {@code prefix} and their names. */
    void load(final String prefix, final Parameters parameters) {
        for (final Parameter p : parameters.all()) {
            final Safetensors.Entry entry = tensors.get(prefix + p.name());
            assertEquals(entry.shape(), p.shape(), p.name());
            p.value().upload(0, entry.data(), 0, p.shape().size());
        }
    }

    void assertClose(final String name, final float... actual) {
        final float[] expected = floats(name);
        assertEquals(expected.length, actual.length, name);
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * largest, name + "[" + i + "]");
        }
    }
}
