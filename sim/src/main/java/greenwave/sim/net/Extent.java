package greenwave.sim.net;

import java.util.Collection;

/** The box around all junctions. */
final class Extent {
    String junction;
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.POSITIVE_INFINITY;
    double top = Double.NEGATIVE_INFINITY;

    void add(final String id, final double x, final double y) {
        junction = junction == null ? id : junction;
        left = Math.min(left, x);
        right = Math.max(right, x);
        bottom = Math.min(bottom, y);
        top = Math.max(top, y);
    }

    Bounds bounds() {
        return new Bounds(left, bottom, right, top);
    }

    void require(final XmlInput xml) {
        if (junction == null) {
            throw xml.error("network has no junctions, expected at least 1");
        }
    }

    /** A lane ends within the box, but may swing out of it by less than its length. */
    double radius(final Collection<Lane> lanes) {
        final double longest = lanes.stream().mapToDouble(Lane::length).max().orElse(0);
        return Math.hypot(right - left, top - bottom) + longest;
    }
}
