package greenwave.sim.net;

/**
 * A place in a network.
 *
 * @param x metres to the east
 * @param y metres to the north
 */
public record Point(double x, double y) {}
