package greenwave.engine.replay;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.nn.Observation;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

/**
 * A batch of B transitions as inputs of a trace.
 *
 * @param obs of B agents
 * @param action i32 [B]
 * @param reward f32 [B]; over n steps, their discounted sum
 * @param discount f32 [B]: what the next value counts; 0 after a terminal state
 * @param next of B agents: what they saw after the step, or after n
 * @param nextLegal u8 [B, A]: 1 where an action is legal on {@code next}
 * @param weight f32 [B]: what a transition counts in the loss; null if all count the same
 */
public record Batch(
        Observation obs,
        Tensor action,
        Tensor reward,
        Tensor discount,
        Observation next,
        Tensor nextLegal,
        Tensor weight) {
    /** {@return new inputs of {@code trace} for what {@code net} sees; {@code weighted} says whether transitions differ in weight} */
    public static Batch inputs(
            final Trace trace, final int size, final QNetwork net, final boolean weighted) {
        return inputs(trace, size, net.obsSize(), net.image(), net.actions(), weighted);
    }

    /** {@return the same for what the agents of {@code group} see} */
    public static Batch inputs(
            final Trace trace, final int size, final AgentGroup group, final boolean weighted) {
        return inputs(trace, size, group.obsSize(), group.image(), group.actions(), weighted);
    }

    private static Batch inputs(
            final Trace trace,
            final int size,
            final int obsSize,
            final ImageSpec image,
            final int actions,
            final boolean weighted) {
        return new Batch(
                Observation.inputs(trace, "obs", "image", size, obsSize, image),
                trace.input("action", DType.I32, size),
                trace.input("reward", DType.F32, size),
                trace.input("discount", DType.F32, size),
                Observation.inputs(trace, "nextObs", "nextImage", size, obsSize, image),
                trace.input("nextLegal", DType.U8, size, actions),
                weighted ? trace.input("weight", DType.F32, size) : null);
    }

    /** {@return where {@code plan} reads them} */
    public BatchBuffers buffers(final Plan plan) {
        return new BatchBuffers(
                action.shape().dim(0),
                buffer(plan, obs.vector()),
                buffer(plan, obs.image()),
                plan.buffer(action),
                plan.buffer(reward),
                plan.buffer(discount),
                buffer(plan, next.vector()),
                buffer(plan, next.image()),
                plan.buffer(nextLegal),
                buffer(plan, weight));
    }

    private static Buffer buffer(final Plan plan, final Tensor tensor) {
        return tensor == null ? null : plan.buffer(tensor);
    }
}
