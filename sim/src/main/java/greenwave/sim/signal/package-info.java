/**
 * Signal control as sumo-rl (1.4.5) defines it: green phases, yellow states, timing, observation and
 * rewards. Knows networks and numbers, no simulator.
 */
package greenwave.sim.signal;
