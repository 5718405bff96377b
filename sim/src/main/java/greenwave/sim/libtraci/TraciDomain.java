package greenwave.sim.libtraci;

/** Kinds of simulated objects that can be subscribed to. */
public enum TraciDomain {
    /** Lanes, walking areas and crossings included. */
    LANE,
    /** Vehicles in the network. */
    VEHICLE,
    /** Traffic lights. */
    TRAFFIC_LIGHT,
    /** The simulation as a whole; its ID is empty. */
    SIMULATION
}
