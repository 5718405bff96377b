package greenwave.sim.net;

/**
 * The box around a network, in metres.
 *
 * @param left least x
 * @param bottom least y
 * @param right greatest x
 * @param top greatest y
 */
public record Bounds(double left, double bottom, double right, double top) {}
