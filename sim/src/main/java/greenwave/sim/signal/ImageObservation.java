package greenwave.sim.signal;

import greenwave.engine.env.ImageSpec;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/** What an agent sees of its signal as an image, beside the vector. Any thread. */
public interface ImageObservation {
    /** Paints the present image of one signal; belongs to one episode. One thread. */
    @FunctionalInterface
    interface Painter {
        /** Paints it, u8 [C, H, W], over {@code out}, whatever was there. Allocates nothing. */
        void paint(MemorySegment out);
    }

    /** {@return the size of an image of {@code signal}} */
    ImageSpec size(Signal signal);

    /** {@return readings it needs; all of vehicles if it does not say} */
    default Set<Reading> readings() {
        return Set.of(Reading.VEHICLES, Reading.COORDINATES, Reading.LENGTHS);
    }

    /** {@return what paints images of {@code now}, which changes with every decision} */
    Painter painter(SignalReadings now);
}
