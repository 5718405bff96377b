package greenwave.bench.peer;

/**
 * One engine's side of the comparison. The step is that of the PyTorch DQN tutorial: soft target (tau 0.005), mean Huber
 * loss, gradients clipped to [-100, 100], AdamW with AMSGrad at 1e-4. One thread.
 */
public interface Subject extends AutoCloseable {
    /** Seeds the first weights of every subject. */
    long SEED = 7;

    /** {@return the engine, its version and what it computes with, on one line} */
    String describe();

    /** Makes {@code batch} the one that later steps train on. */
    void load(TransitionBatch batch);

    /** Takes one gradient step on the loaded batch. */
    void trainStep();

    /** {@return the loss before a step like {@link #trainStep}, which it takes} */
    float trainStepLoss();

    /** Finds the greedy actions of the first {@code rows} observations of batch 0; {@code rows} is 1, 8 or 64. */
    void act(int rows);

    @Override
    void close();
}
