package greenwave.bench.peer;

import java.util.List;

/**
 * One engine's side of the comparison. The step is that of the PyTorch DQN tutorial: soft target (tau 0.005), mean Huber
 * loss, gradients clipped to [-100, 100], AdamW with AMSGrad at the rate of a {@link Recipe}. The network in training
 * normalises by the statistics of the batch, its target by running statistics; these follow those of the network as the
 * weights do.
 */
public interface Subject extends AutoCloseable {
    /** Seeds the first weights of every subject. */
    long SEED = 7;

    /** {@return the engine, its version and what it computes with, on one line} */
    String describe();

    /** Makes {@code batch} the one that later steps train on. */
    void load(TransitionBatch batch);

    /** {@return what is timed: a gradient step on the loaded batch, or the greedy actions of the first rows of batch 0} */
    Runnable work(Task task);

    /** {@return the loss before a gradient step, which it takes} */
    float trainStepLoss();

    /** {@return the gradients of the latest step layer by layer, weight before bias} */
    List<float[]> gradients();

    @Override
    void close();
}
