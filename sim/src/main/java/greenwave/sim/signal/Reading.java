package greenwave.sim.signal;

/**
 * Readings that cost time and are taken only where an observation or a reward asks for them. Vehicle
 * numbers, halting numbers and mean lengths of the incoming lanes are always there.
 */
public enum Reading {
    /** Accumulated waiting time per incoming lane. */
    WAITING,
    /** Vehicles on the outgoing lanes. */
    OUTGOING,
    /** Speeds of the vehicles on the incoming lanes. */
    SPEED,
    /** The state the signal shows. */
    STATE
}
