package greenwave.kernels;

/** The loss of deep Q-learning in one pass over a batch, for backends where every call costs a launch. */
public interface TemporalDifferences {
    /**
     * What a pass reads, for B rows of A actions; f32 unless said otherwise.
     *
     * @param now values of the network in training, [B, A]
     * @param judged by it the next action is chosen, the legal one that is largest, [B, A]
     * @param then what the next action is worth, [B, A]; may be {@code judged}
     * @param legal u8 [B, A], 0 where a next action does not count
     * @param action taken, i32 [B]
     * @param reward [B]
     * @param discount what the next action's value counts, [B]
     * @param weight what a row counts, [B]; null if all count 1
     */
    record Batch(
            Buffer now,
            Buffer judged,
            Buffer then,
            Buffer legal,
            Buffer action,
            Buffer reward,
            Buffer discount,
            Buffer weight) {}

    /**
     * What a pass writes; f32.
     *
     * @param gradient by {@code now}, [B, A]: overwritten
     * @param errors temporal differences, of either sign, [B]
     * @param mean of the losses, [1]
     * @param sum to which a share of the mean is added, [1]
     */
    record Result(Buffer gradient, Buffer errors, Buffer mean, Buffer sum) {}

    /**
     * error = now[action] - (reward + discount · then[best]); the loss is Huber's of it times the weight, and its mean is
     * differentiated (Mnih et al. 2015; van Hasselt et al. 2016). NaN counts as {@link Kernels#rowMax} has it, and where no
     * action is legal the first is taken.
     *
     * @param beta where the square turns into a line, positive
     * @param gradientShare factor of the gradient
     * @param sumShare factor of the mean as it is added to the sum
     * @throws IllegalArgumentException on a wrong dtype or length; nothing is written
     */
    void huber(Batch batch, float beta, float gradientShare, float sumShare, Result result);
}
