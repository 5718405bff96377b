package greenwave.engine.replay;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

/**
 * A batch of B transitions as inputs of a trace.
 *
 * @param obs f32 [B, D]
 * @param action i32 [B]
 * @param reward f32 [B]
 * @param discount f32 [B]: what the next value counts; 0 after a terminal state
 * @param nextObs f32 [B, D]
 * @param nextLegal u8 [B, A]: 1 where an action is legal on {@code nextObs}
 */
public record Batch(
        Tensor obs,
        Tensor action,
        Tensor reward,
        Tensor discount,
        Tensor nextObs,
        Tensor nextLegal) {
    /** {@return new inputs of {@code trace}} */
    public static Batch inputs(
            final Trace trace, final int size, final int obsSize, final int actions) {
        return new Batch(
                trace.input("obs", DType.F32, size, obsSize),
                trace.input("action", DType.I32, size),
                trace.input("reward", DType.F32, size),
                trace.input("discount", DType.F32, size),
                trace.input("nextObs", DType.F32, size, obsSize),
                trace.input("nextLegal", DType.U8, size, actions));
    }

    /** {@return where {@code plan} reads them} */
    public BatchBuffers buffers(final Plan plan) {
        return new BatchBuffers(
                action.shape().dim(0),
                plan.buffer(obs),
                plan.buffer(action),
                plan.buffer(reward),
                plan.buffer(discount),
                plan.buffer(nextObs),
                plan.buffer(nextLegal));
    }
}
