/** Replays what other programs did, recorded with scripted actions, and compares value by value. */
package greenwave.sim.oracle;
