package greenwave.sim.signal;

/**
 * Readings that cost time and are taken only where somebody asks for them. Vehicle numbers of the
 * incoming lanes are always there.
 */
public enum Reading {
    /** Halting numbers and mean vehicle lengths of the incoming lanes. */
    TRAFFIC,
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
    /** Every vehicle on the lanes that are read: where on its lane it is, and how fast. */
    VEHICLES,
    /** With {@link #VEHICLES}, also where in the network it is. */
    COORDINATES,
    /** With {@link #VEHICLES}, also how long it is. */
    LENGTHS,
    /** Numbers, speeds and waiting times of all vehicles of the world. */
    SYSTEM
}
