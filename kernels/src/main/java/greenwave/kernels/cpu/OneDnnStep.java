package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A primitive whose arguments come and go in layouts of the caller's; where the primitive wants another, a copy lies
 * between.
 */
final class OneDnnStep {
    /** The copy of an argument, into the primitive's layout or out of it. */
    private record Copy(int name, OneDnnPrimitive reorder, int callersSide) {}

    private final OneDnnObjects objects;
    private final MemorySegment description;
    private final OneDnnPrimitive primitive;
    private final List<Copy> before = new ArrayList<>();
    private final List<Copy> after = new ArrayList<>();

    /**
     * Makes the primitive that {@code description} describes.
     *
     * @param names of the arguments that will be set
     */
    OneDnnStep(final OneDnnObjects objects, final MemorySegment description, final int... names) {
        this.objects = objects;
        this.description = description;
        this.primitive = new OneDnnPrimitive(objects, description, names);
    }

    /** {@return this, whose input {@code name} will come in {@code layout}} */
    OneDnnStep from(final int name, final MemorySegment layout) {
        final MemorySegment wanted = OneDnnPrimitive.argument(description, name);
        if (!same(wanted, layout)) {
            before.add(copy(name, layout, wanted, TARGET, SOURCE, wanted));
        }
        return this;
    }

    /** {@return this, whose output {@code name} will go in {@code layout}} */
    OneDnnStep to(final int name, final MemorySegment layout) {
        final MemorySegment given = OneDnnPrimitive.argument(description, name);
        if (!same(given, layout)) {
            after.add(copy(name, given, layout, SOURCE, TARGET, given));
        }
        return this;
    }

    private static boolean same(final MemorySegment a, final MemorySegment b) {
        return OneDnnLayout.of(a).equals(OneDnnLayout.of(b));
    }

    private Copy copy(
            final int name,
            final MemorySegment source,
            final MemorySegment target,
            final int primitivesSide,
            final int callersSide,
            final MemorySegment between) {
        final MemorySegment memory = objects.memory(OneDnnPrimitive.size(between));
        final OneDnnPrimitive reorder = reorder(objects, source, target);
        reorder.set(primitivesSide, memory);
        primitive.set(name, memory);
        return new Copy(name, reorder, callersSide);
    }

    /** {@return a copy between layouts} */
    static OneDnnPrimitive reorder(
            final OneDnnObjects objects, final MemorySegment source, final MemorySegment target) {
        return new OneDnnPrimitive(
                objects,
                objects.create(
                        "dnnl_primitive_desc",
                        "dnnl_reorder_primitive_desc_create",
                        source,
                        OneDnn.engine(),
                        target,
                        OneDnn.engine(),
                        objects.attributes()),
                SOURCE,
                TARGET);
    }

    /** {@return this, one of whose arguments now lies in {@code data}} */
    OneDnnStep set(final int name, final MemorySegment data) {
        if (!set(before, name, data) && !set(after, name, data)) {
            primitive.set(name, data);
        }
        return this;
    }

    private static boolean set(final List<Copy> copies, final int name, final MemorySegment data) {
        for (int i = 0; i < copies.size(); i++) { // an iterator would be an allocation
            final Copy copy = copies.get(i);
            if (copy.name() == name) {
                copy.reorder().set(copy.callersSide(), data);
                return true;
            }
        }
        return false;
    }

    /** Copies in, computes, copies out. */
    void run() {
        for (int i = 0; i < before.size(); i++) {
            before.get(i).reorder().run();
        }
        primitive.run();
        for (int i = 0; i < after.size(); i++) {
            after.get(i).reorder().run();
        }
    }

    /** {@return the implementation's name, and how many of its arguments are copied} */
    String describe() {
        final int copies = before.size() + after.size();
        final String name = OneDnnPrimitive.implementation(description);
        return copies == 0 ? name : "%s (+%d copies)".formatted(name, copies);
    }
}
