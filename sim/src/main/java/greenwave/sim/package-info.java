/** SUMO worlds as a batched environment. */
package greenwave.sim;
