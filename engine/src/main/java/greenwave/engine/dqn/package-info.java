/**
 * Deep Q-learning: what learns, what acts, and the loop around both. Parts switch one by one, and each says its paper and
 * defaults where it is set:
 *
 * <ul>
 *   <li>DQN (Mnih et al. 2015, Nature 518), soft or hard targets, Huber or squared error: {@link
 *       greenwave.engine.dqn.Learner}, {@link greenwave.engine.dqn.TargetUpdate}
 *   <li>Double (van Hasselt et al. 2016): {@link greenwave.engine.dqn.LearnerBuilder#doubleQ}
 *   <li>Dueling (Wang et al. 2016): {@link greenwave.engine.nn.DuelingHead}
 *   <li>n-step returns (Sutton and Barto 2018): {@link greenwave.engine.replay.NStep}
 *   <li>prioritized replay (Schaul et al. 2016): {@link greenwave.engine.replay.PrioritizedReplay}
 *   <li>noisy networks (Fortunato et al. 2018): {@link greenwave.engine.nn.NoisyLinear}, {@link
 *       greenwave.engine.dqn.Policy#exploring}, with an epsilon of 0
 *   <li>C51 (Bellemare et al. 2017) and QR-DQN (Dabney et al. 2018): {@link greenwave.engine.nn.ActionValues}
 *   <li>Rainbow (Hessel et al. 2018): all of these together
 *   <li>Ape-X's exploration (Horgan et al. 2018): {@link greenwave.engine.dqn.Trainer#epsilonPerWorld}
 * </ul>
 *
 * Only legal actions are explored, chosen or expected of the future.
 */
package greenwave.engine.dqn;
