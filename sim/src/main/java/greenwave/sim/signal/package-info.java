/**
 * Signal control from parts: which greens an agent chooses between, when a signal may change, what agents
 * see and earn. The parts are those of sumo-rl (1.4.5), general-tls (e95fbd4) and SUMO-Gym, exactly, and
 * users' own. Knows networks and numbers, no simulator.
 */
package greenwave.sim.signal;
