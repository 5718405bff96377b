/** Deep Q-learning (Mnih et al. 2015): what learns, what acts, and the loop around both. */
package greenwave.engine.dqn;
