package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Buffer;

/**
 * A leaf that outlives the plans which use it.
 *
 * @param name for example {@code 0.weight}
 * @param shape its dimensions
 * @param value f32, as long as the shape
 * @param gradient likewise, overwritten by a plan with gradients; null if it is not trained
 */
public record Parameter(String name, Shape shape, Buffer value, Buffer gradient) {
    /** {@return whether plans compute its gradient} */
    public boolean trained() {
        return gradient != null;
    }
}
