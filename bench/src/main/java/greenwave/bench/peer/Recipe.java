package greenwave.bench.peer;

/** What a step does with its gradients: AdamW with AMSGrad, at a rate. */
public enum Recipe {
    /** The PyTorch DQN tutorial's, which is timed. */
    TUTORIAL,

    /**
     * For loss curves beside each other. AdamW makes steps of one size of all gradients, of those too that are nothing but
     * rounding, such as those of a bias before batch normalisation; and sums that end beside a ReLU's kink fall to either side.
     * So by the tutorial's rate two runs of one engine with images lose each other within 1,000 steps if their first weights
     * are one rounding apart. A network's rate here is the largest power of ten by which libtorch stays within 1e-3 of itself.
     */
    CURVES;

    /** {@return the learning rate by which {@code net} is trained} */
    public double learningRate(final PeerNet net) {
        if (this == TUTORIAL) {
            return 1e-4;
        }
        return switch (net) {
            case MLP -> 1e-4; // 4e-5 apart after 1,000 steps
            case CONV -> 1e-5; // 1e-4 apart, by 1e-4 8e-3
            case TWO -> 1e-6; // 3e-5 apart, by 1e-5 9e-2
        };
    }
}
