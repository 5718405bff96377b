package greenwave.engine.dqn;

import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.Functional;
import greenwave.engine.tensor.Tensor;

/** How what a network says of an action is compared with what came of it: a kind of loss for each kind of values. */
sealed interface Objective {
    /**
     * {@return what the chosen outputs should have been, in their shape, without gradient}
     *
     * @param next outputs of the best next action by the target network, as {@link ActionValues#chosen} gives them
     * @param reward [B]
     * @param discount [B]: what {@code next} counts
     */
    Tensor goal(Tensor next, Tensor reward, Tensor discount);

    /** {@return what each transition costs, [B]; {@code chosen} are outputs of the action taken} */
    Tensor losses(Tensor chosen, Tensor goal);

    /** {@return how wrong the network was about each, of either sign, [B]: by it a prioritized replay draws} */
    Tensor errors(Tensor chosen, Tensor goal, Tensor losses);

    /** {@return the objective of a network with {@code values}} */
    static Objective of(final ActionValues values, final LearnerBuilder settings) {
        return switch (values) {
            case ActionValues.Mean _ -> new OfMean(settings.squaredError, settings.huberBeta);
            case final ActionValues.Categorical categorical -> new OfCategorical(categorical);
            case ActionValues.Quantiles _ -> new OfQuantiles(settings.huberBeta);
        };
    }

    /**
     * The error of r + discount · next, squared or by Huber's loss (Mnih et al. 2015, arXiv:1312.5602 and Nature 518).
     *
     * @param squared whether it is (chosen - goal)², PyTorch's MSELoss; else SmoothL1Loss
     */
    record OfMean(boolean squared, float beta) implements Objective {
        @Override
        public Tensor goal(final Tensor next, final Tensor reward, final Tensor discount) {
            return next.mul(discount).add(reward).detach();
        }

        @Override
        public Tensor losses(final Tensor chosen, final Tensor goal) {
            return squared ? chosen.squaredError(goal) : chosen.huber(goal, beta);
        }

        @Override
        public Tensor errors(final Tensor chosen, final Tensor goal, final Tensor losses) {
            return chosen.sub(goal);
        }
    }

    /**
     * The cross entropy from the projected distribution to the network's (Bellemare et al. 2017, algorithm 1). The error is
     * their Kullback-Leibler divergence, by which Rainbow draws (Hessel et al. 2018): the cross entropy less what no network
     * could do without.
     */
    record OfCategorical(ActionValues.Categorical values) implements Objective {
        private static final float TINY = 1e-20f; // so that 0 · log 0 is 0

        @Override
        public Tensor goal(final Tensor next, final Tensor reward, final Tensor discount) {
            return Functional.projectCategorical(
                            next.softmax(1), reward, discount, values.low(), values.high())
                    .detach();
        }

        @Override
        public Tensor losses(final Tensor chosen, final Tensor goal) {
            return goal.mul(chosen.logSoftmax(1)).sum(1).neg();
        }

        @Override
        public Tensor errors(final Tensor chosen, final Tensor goal, final Tensor losses) {
            return losses.add(goal.mul(goal.clamp(TINY, 1).log()).sum(1));
        }
    }

    /**
     * The quantile Huber loss (Dabney et al. 2018, algorithm 1). The error is that of the mean.
     *
     * @param kappa where a square turns into a line; the paper's is 1
     */
    record OfQuantiles(float kappa) implements Objective {
        @Override
        public Tensor goal(final Tensor next, final Tensor reward, final Tensor discount) {
            final int rows = next.shape().dim(0);
            return next.mul(discount.reshape(rows, 1)).add(reward.reshape(rows, 1)).detach();
        }

        @Override
        public Tensor losses(final Tensor chosen, final Tensor goal) {
            return Functional.quantileHuber(chosen, goal, kappa);
        }

        @Override
        public Tensor errors(final Tensor chosen, final Tensor goal, final Tensor losses) {
            return chosen.mean(1).sub(goal.mean(1));
        }
    }
}
