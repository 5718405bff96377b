package greenwave.sim.signal;

import greenwave.engine.env.ImageSpec;
import greenwave.sim.net.Lane;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/**
 * The incoming lanes as an image of 2 channels, a row per lane and a column per cell, the first at the stop
 * line: 255 where there is a vehicle's front, and 255 times its speed over the lane's limit. Known as
 * discrete traffic state encoding; cells of 5 m, of which 30, if not chosen otherwise.
 */
public final class LaneGrid implements ImageObservation {
    private static final int FULL = 255;

    private final int cells;
    private final double size;

    /** 30 cells of 5 m. */
    public LaneGrid() {
        this(30, 5);
    }

    /** {@code cells} cells of {@code size} metres. */
    public LaneGrid(final int cells, final double size) {
        if (cells < 1 || !(size > 0)) {
            throw new IllegalArgumentException(
                    "lane grid: cells=%d, size=%s m, expected both above 0".formatted(cells, size));
        }
        this.cells = cells;
        this.size = size;
    }

    @Override
    public ImageSpec size(final Signal signal) {
        return new ImageSpec(2, signal.lanes().size(), cells);
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES);
    }

    @Override
    public Painter painter(final SignalReadings now) {
        final List<Lane> lanes =
                now.signal().lanes().stream().map(now.signal().network()::lane).toList();
        final LaneCells grid = new LaneCells(lanes.size(), cells, size);
        return out -> {
            grid.clear();
            for (int lane = 0; lane < lanes.size(); lane++) {
                final List<Vehicle> present = now.lane(lane).present();
                for (int i = 0; i < present.size(); i++) {
                    final Vehicle vehicle = present.get(i);
                    grid.add(
                            lane,
                            lanes.get(lane).length() - vehicle.position(),
                            vehicle.speed(),
                            lanes.get(lane).speed());
                }
            }
            final long plane = (long) lanes.size() * cells;
            for (int lane = 0; lane < lanes.size(); lane++) {
                for (int cell = 0; cell < cells; cell++) {
                    final long place = (long) lane * cells + cell;
                    final int presence = grid.isTaken(lane, cell) ? FULL : 0;
                    final long speed = Math.round(FULL * grid.speed(lane, cell));
                    out.set(ValueLayout.JAVA_BYTE, place, (byte) presence);
                    out.set(ValueLayout.JAVA_BYTE, plane + place, (byte) speed);
                }
            }
        };
    }
}
