/**
 * All contact with SUMO: its process, its port, and libtraci, the native client library.
 *
 * <p>libtraci keeps its connection in static variables, so each {@link greenwave.sim.libtraci.Traci}
 * has a private copy of the library in a class loader of its own. {@link
 * greenwave.sim.libtraci.SumoSession} stands between it and the rest: nothing else may call it.
 */
package greenwave.sim.libtraci;
