package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/** What the outputs of a network say about the return of each action: its mean, or more of its distribution. */
public sealed interface ActionValues {
    /** {@return outputs per action} */
    int perAction();

    /**
     * {@return the expected return of each action [B, A]}
     *
     * @param outputs of a network, [B, A · perAction]
     * @param actions A
     */
    Tensor expected(Tensor outputs, int actions);

    /** {@return the outputs by action, [B, A, perAction]} */
    default Tensor byAction(final Tensor outputs, final int actions) {
        return outputs.reshape(outputs.shape().dim(0), actions, perAction());
    }

    /** {@return the outputs of one action per row: [B, perAction], or [B] for a mean; index i32 [B] in [0, A)} */
    default Tensor chosen(final Tensor outputs, final Tensor index, final int actions) {
        return Functional.choose(byAction(outputs, actions), index);
    }

    /** {@return one output per action: its mean (Watkins 1989)} */
    static ActionValues mean() {
        return new Mean();
    }

    /** {@return probabilities of {@code atoms} returns from {@code low} to {@code high}; C51 has 51 from -10 to 10} */
    static ActionValues categorical(final int atoms, final float low, final float high) {
        return new Categorical(atoms, low, high);
    }

    /** {@return {@code count} quantiles; QR-DQN has 200} */
    static ActionValues quantiles(final int count) {
        return new Quantiles(count);
    }

    /** The mean. */
    record Mean() implements ActionValues {
        @Override
        public int perAction() {
            return 1;
        }

        @Override
        public Tensor expected(final Tensor outputs, final int actions) {
            return outputs;
        }

        @Override
        public Tensor chosen(final Tensor outputs, final Tensor index, final int actions) {
            return outputs.gather(index);
        }
    }

    /**
     * Probabilities of fixed returns, as logits (Bellemare, Dabney and Munos 2017, A Distributional Perspective on
     * Reinforcement Learning, arXiv:1707.06887).
     *
     * @param atoms returns that have a probability, at least 2
     * @param low the least of them
     * @param high the largest of them, above {@code low}
     */
    record Categorical(int atoms, float low, float high) implements ActionValues {
        /** Checks the ranges above. */
        public Categorical {
            if (atoms < 2 || !(low < high) || !Float.isFinite(high - low)) {
                throw new IllegalArgumentException(
                        "Categorical: atoms=%d, low=%s, high=%s, expected at least 2 atoms, low < high"
                                .formatted(atoms, low, high));
            }
        }

        @Override
        public int perAction() {
            return atoms;
        }

        /** {@return the probabilities by action, [B, A, atoms]} */
        public Tensor probabilities(final Tensor outputs, final int actions) {
            return byAction(outputs, actions).softmax(2);
        }

        @Override
        public Tensor expected(final Tensor outputs, final int actions) {
            final int rows = outputs.shape().dim(0);
            final Tensor returns = outputs.trace().constant("atoms", returns(), atoms, 1);
            return probabilities(outputs, actions)
                    .reshape(rows * actions, atoms)
                    .matmul(returns)
                    .reshape(rows, actions);
        }

        private float[] returns() {
            final float[] returns = new float[atoms];
            for (int i = 0; i < atoms; i++) {
                returns[i] = (float) (low + i * ((double) high - low) / (atoms - 1));
            }
            return returns;
        }
    }

    /**
     * Returns at the levels (2 i + 1) / (2 count) (Dabney, Rowland, Bellemare and Munos 2018, Distributional Reinforcement
     * Learning with Quantile Regression, arXiv:1710.10044).
     *
     * @param count quantiles, positive
     */
    record Quantiles(int count) implements ActionValues {
        /** Checks the range above. */
        public Quantiles {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "Quantiles: count=%d, expected >= 1".formatted(count));
            }
        }

        @Override
        public int perAction() {
            return count;
        }

        @Override
        public Tensor expected(final Tensor outputs, final int actions) {
            return byAction(outputs, actions).mean(2);
        }
    }
}
