/** Reading SUMO's files: configurations, networks and demand. */
package greenwave.sim.net;
