package greenwave.kernels.cuda;

import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ResidentReplay;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Draws from a {@link CudaReplay}: a kernel that draws, one that gathers, and one that sets priorities. */
final class CudaReplaySampler implements ResidentReplay.Sampler {
    private static final int THREADS = 256;

    // Words of struct Draw.
    private static final int ROWS = 0;
    private static final int SLOT = 1;
    private static final int COLUMNS = 4;
    private static final int RANDOM = COLUMNS + 9;
    private static final int WORDS = RANDOM + 7;

    private final CudaReplay replay;
    private final CudaContext context;
    private final int rows;
    private final CudaStruct struct;
    private final CudaBuffer slot;
    private final CudaBuffer stamp;
    private final CudaBuffer units; // null without priorities
    private final CudaFunction draw;
    private final CudaFunction gather;
    private final CudaFunction update;

    CudaReplaySampler(final CudaReplay replay, final BatchBuffers batch) {
        this.replay = replay;
        this.context = replay.context();
        this.rows = batch.size();
        check(replay.layout(), batch);
        final boolean prioritized = replay.layout().priorities() != null;
        final CudaModule module = context.module("replay");
        this.draw = module.function(prioritized ? "replay_draw_by_priority" : "replay_draw_alike");
        this.gather = module.function("replay_gather");
        this.update = module.function("replay_update");
        this.slot = context.allocate(DType.I32, rows);
        this.stamp = context.allocate(DType.I32, rows);
        this.units = prioritized ? context.allocate(DType.U8, (long) rows * Long.BYTES) : null;
        this.struct = new CudaStruct(context, WORDS);
        struct.set(ROWS, (long) rows)
                .set(SLOT, slot)
                .set(SLOT + 1, stamp)
                .set(SLOT + 2, units)
                .set(COLUMNS, device(batch.obs()))
                .set(COLUMNS + 1, device(batch.image()))
                .set(COLUMNS + 2, device(batch.action()))
                .set(COLUMNS + 3, device(batch.reward()))
                .set(COLUMNS + 4, device(batch.discount()))
                .set(COLUMNS + 5, device(batch.nextObs()))
                .set(COLUMNS + 6, device(batch.nextImage()))
                .set(COLUMNS + 7, device(batch.nextLegal()))
                .set(COLUMNS + 8, prioritized ? device(batch.weight()) : null)
                .write(0, WORDS);
        if (!prioritized && batch.weight() != null) {
            fillOnes(batch.weight());
        }
    }

    private static CudaBuffer device(final Buffer buffer) {
        return buffer == null ? null : CudaBuffer.of(buffer);
    }

    /** Transitions that are all drawn alike count alike. */
    private void fillOnes(final Buffer weight) {
        final float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        weight.upload(0, MemorySegment.ofArray(ones), 0, rows);
    }

    private static void check(final ReplayLayout layout, final BatchBuffers batch) {
        final long n = batch.size();
        require("obs", batch.obs(), DType.F32, n * layout.vector());
        require("image", batch.image(), DType.U8, n * layout.image());
        require("action", batch.action(), DType.I32, n);
        require("reward", batch.reward(), DType.F32, n);
        require("discount", batch.discount(), DType.F32, n);
        require("nextObs", batch.nextObs(), DType.F32, n * layout.vector());
        require("nextImage", batch.nextImage(), DType.U8, n * layout.image());
        require("nextLegal", batch.nextLegal(), DType.U8, n * layout.actions());
        if (layout.priorities() != null || batch.weight() != null) {
            require("weight", batch.weight(), DType.F32, n);
        }
    }

    private static void require(
            final String name, final Buffer buffer, final DType dtype, final long length) {
        final long found = buffer == null ? 0 : buffer.length();
        if (found != length || buffer != null && buffer.dtype() != dtype) {
            throw new IllegalArgumentException(
                    "replay.sampler: %s=%s, expected %s[%d]"
                            .formatted(name, buffer, dtype, length));
        }
    }

    @Override
    public void setRandom(final long state) {
        context.bind();
        struct.set(RANDOM, state).write(RANDOM, 1);
    }

    @Override
    public long random() {
        context.bind();
        struct.read(RANDOM, 1);
        return struct.word(RANDOM);
    }

    @Override
    public void draw() {
        context.bind();
        context.launch()
                .of(draw)
                .address(replay.address())
                .address(struct.address())
                .grid((rows + THREADS - 1) / THREADS, THREADS)
                .run();
        context.launch()
                .of(gather)
                .address(replay.address())
                .address(struct.address())
                .grid(CudaReplay.blocks(rows), replay.parts(), 1, THREADS, 1, 1)
                .run();
    }

    @Override
    public void update(final Buffer errors) {
        context.bind();
        require("errors", errors, DType.F32, rows);
        context.launch()
                .of(update)
                .address(replay.address())
                .address(struct.address())
                .arg(errors)
                .elements(rows)
                .run();
    }

    @Override
    public void slots(final MemorySegment slots) {
        slot.download(0, slots, 0, rows);
    }

    @Override
    public void close() {
        slot.close();
        stamp.close();
        if (units != null) {
            units.close();
        }
        struct.close();
    }
}
