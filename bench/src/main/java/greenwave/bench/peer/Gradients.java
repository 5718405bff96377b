package greenwave.bench.peer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients of one step on their way between processes, and how far two of them are apart. They are listed by layer,
 * weight before bias.
 */
final class Gradients {
    private Gradients() {}

    static void write(final Path file, final List<float[]> gradients) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(gradients.size());
            for (final float[] values : gradients) {
                out.writeInt(values.length);
                for (final float value : values) {
                    out.writeFloat(value);
                }
            }
        }
    }

    static List<float[]> read(final Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            final int count = in.readInt();
            final List<float[]> gradients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                final float[] values = new float[in.readInt()];
                for (int k = 0; k < values.length; k++) {
                    values[k] = in.readFloat();
                }
                gradients.add(values);
            }
            return gradients;
        }
    }

    /**
     * {@return the largest |ours - theirs| of any element, relative to the largest |theirs| of its layer; NaN if any is} Weight
     * and bias are measured together: the bias of a convolution before batch normalisation has no gradient but rounding.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    static double largestDifference(final List<float[]> ours, final List<float[]> theirs) {
        if (ours.size() != theirs.size()) {
            throw new IllegalArgumentException(
                    "peers: weights=%d, libtorch has %d".formatted(ours.size(), theirs.size()));
        }
        double worst = 0;
        for (int i = 0; i < ours.size(); i++) {
            final double scale = Math.max(largest(theirs.get(i)), largest(theirs.get(i ^ 1)));
            worst = Math.max(worst, difference(ours.get(i), theirs.get(i)) / scale); // keeps NaN
        }
        return worst;
    }

    private static double largest(final float[] values) {
        double most = 0;
        for (final float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static double difference(final float[] ours, final float[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalArgumentException(
                    "peers: elements=%d, libtorch has %d".formatted(ours.length, theirs.length));
        }
        double most = 0;
        for (int i = 0; i < ours.length; i++) {
            most = Math.max(most, Math.abs((double) ours[i] - theirs[i]));
        }
        return most;
    }
}
