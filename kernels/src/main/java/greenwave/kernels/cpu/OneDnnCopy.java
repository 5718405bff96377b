package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;

import greenwave.kernels.Buffer;
import greenwave.kernels.ImageLayouts.PreparedCopy;

/** A copy from layout to layout. */
final class OneDnnCopy implements PreparedCopy {
    private final OneDnnObjects objects;
    private final OneDnnPrimitive reorder;

    OneDnnCopy(final OneDnnObjects objects, final OneDnnLayout from, final OneDnnLayout to) {
        this.objects = objects;
        this.reorder = OneDnnStep.reorder(objects, from.describe(objects), to.describe(objects));
    }

    @Override
    public void run(final Buffer from, final Buffer to) {
        reorder.set(SOURCE, from.segment());
        reorder.set(TARGET, to.segment());
        reorder.run();
    }

    @Override
    public void close() {
        objects.close();
    }
}
