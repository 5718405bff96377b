package greenwave.sim.signal;

/**
 * Readings that cost time and are taken only where somebody asks for them. Vehicle numbers, halting
 * numbers and mean lengths of the incoming lanes are always there.
 */
public enum Reading {
    /** Accumulated waiting time per incoming lane. */
    WAITING,
    /** Vehicles on the outgoing lanes. */
    OUTGOING,
    /** Speeds of the vehicles on the incoming lanes. */
    SPEED,
    /** The state the signal shows. */
    STATE,
    /** CO2 emission of the vehicles on the incoming lanes. */
    CO2,
    /** Every vehicle on the lanes that are read: where it is, how fast and how long. */
    VEHICLES,
    /** Numbers, speeds and waiting times of all vehicles of the world. */
    SYSTEM
}
