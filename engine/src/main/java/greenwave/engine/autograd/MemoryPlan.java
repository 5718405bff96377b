package greenwave.engine.autograd;

import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Lays the slots of a plan into one slab per dtype, so that those share memory which never hold numbers at the same time:
 * the largest first, each at the lowest place where it meets no other of its time.
 */
final class MemoryPlan {
    private static final int ALIGNMENT = 64; // bytes: a cache line, and the widest vector

    /** A slot with its place, in elements. */
    private record Placed(Slot slot, long from, long to) {}

    private MemoryPlan() {}

    /** {@return the slabs, in which every slot that needs memory now has its buffer} */
    static List<Buffer> place(final Backend backend, final List<Slot> slots) {
        final Map<DType, List<Placed>> placed = new EnumMap<>(DType.class);
        slots.stream()
                .filter(Slot::needsMemory)
                .sorted(Comparator.comparingLong(Slot::length).reversed())
                .forEach(
                        slot -> {
                            final List<Placed> ofType =
                                    placed.computeIfAbsent(slot.dtype(), _ -> new ArrayList<>());
                            ofType.add(lowest(slot, ofType));
                        });
        final List<Buffer> slabs = new ArrayList<>();
        for (final DType dtype : DType.values()) {
            final List<Placed> ofType = placed.getOrDefault(dtype, List.of());
            if (!ofType.isEmpty()) {
                final long length = ofType.stream().mapToLong(Placed::to).max().orElseThrow();
                final Buffer slab = backend.allocate(dtype, length);
                ofType.forEach(p -> p.slot().place(slab.slice(p.from(), p.slot().length())));
                slabs.add(slab);
            }
        }
        return slabs;
    }

    private static Placed lowest(final Slot slot, final List<Placed> others) {
        final List<Placed> inTheWay =
                others.stream()
                        .filter(p -> p.slot().overlaps(slot))
                        .sorted(Comparator.comparingLong(Placed::from))
                        .toList();
        final long step = ALIGNMENT / slot.dtype().bytes();
        long from = 0;
        for (final Placed other : inTheWay) {
            if (from + slot.length() <= other.from()) {
                break;
            }
            from = Math.max(from, Math.ceilDiv(other.to(), step) * step);
        }
        return new Placed(slot, from, from + slot.length());
    }
}
