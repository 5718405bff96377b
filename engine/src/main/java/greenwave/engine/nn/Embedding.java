package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * A learned vector for each of some indices: torch.nn.Embedding, with its first values, standard normal. The input is i32 of
 * any shape [...] with values in [0, count), the output [..., width]; weight [count, width].
 *
 * @param count of the vectors, positive
 * @param width of a vector, positive
 */
public record Embedding(int count, int width) implements Module {
    /** Checks the ranges above. */
    public Embedding {
        if (count < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Embedding: count=%d, width=%d, expected both >= 1".formatted(count, width));
        }
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        layout.normal(prefix + "weight", Shape.of(count, width));
    }

    @Override
    public Tensor forward(final Tensor index, final Scope scope) {
        return scope.parameter(index.trace(), "weight").embedding(index);
    }
}
