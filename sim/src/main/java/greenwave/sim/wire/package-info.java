/**
 * A TraCI client of our own. What a decision says and asks goes to SUMO in one write, as separate
 * TraCI messages, and the answers are decoded where they arrive, off heap, without an allocation.
 * Source of the formats: the TraCI pages of SUMO's documentation.
 */
package greenwave.sim.wire;
