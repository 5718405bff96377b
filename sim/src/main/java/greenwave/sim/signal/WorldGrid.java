package greenwave.sim.signal;

import greenwave.engine.env.ImageSpec;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/**
 * The whole network as an image of 1 channel, north on top: 255 where at least one vehicle is on an incoming
 * lane of any controlled signal. All signals see the same; cells of 5 m if not chosen otherwise.
 */
public final class WorldGrid implements ImageObservation {
    private static final byte FULL = (byte) 255;

    private final double size;

    /** Cells of 5 m. */
    public WorldGrid() {
        this(5);
    }

    /** Cells of {@code size} metres. */
    public WorldGrid(final double size) {
        this.size = size;
    }

    @Override
    public ImageSpec size(final Signal signal) {
        final WorldCells cells = new WorldCells(signal.network().bounds(), size);
        return new ImageSpec(1, cells.rows(), cells.columns());
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES, Reading.COORDINATES);
    }

    @Override
    public Painter painter(final SignalReadings now) {
        final WorldCells cells = new WorldCells(now.signal().network().bounds(), size);
        final int columns = cells.columns();
        final List<LaneReading> lanes = now.incomingOfAll();
        return out -> {
            out.fill((byte) 0);
            for (int lane = 0; lane < lanes.size(); lane++) {
                final List<Vehicle> present = lanes.get(lane).present();
                for (int i = 0; i < present.size(); i++) {
                    final Vehicle vehicle = present.get(i);
                    final long row = cells.row(vehicle.y());
                    out.set(ValueLayout.JAVA_BYTE, row * columns + cells.column(vehicle.x()), FULL);
                }
            }
        };
    }
}
