package greenwave.kernels.cuda;

import greenwave.kernels.BatchBuffers;
import greenwave.kernels.DType;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ReplayStaging;
import greenwave.kernels.ResidentReplay;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A replay in a device's memory, with the kernels of {@code replay.cu}. */
final class CudaReplay implements ResidentReplay {
    private static final int AREAS = 4;
    private static final int BETAS = 1024; // as many batches ahead may be told
    private static final int ROWS_PER_BLOCK = 8; // a warp each
    private static final int THREADS = 256;
    private static final int BYTES_PER_PART = 2048; // of a row that several warps copy
    private static final int MOST_PARTS = 32;

    // Words of struct Replay.
    private static final int TREE = 0;
    private static final int LEVEL = 1;
    private static final int LEVELS = LEVEL + CudaSumTree.MAX_LEVELS;
    private static final int COLUMNS = LEVELS + 1;
    private static final int SIZES = COLUMNS + 11;
    private static final int RULE = SIZES + 5;
    private static final int SIZE = RULE + 4;
    private static final int LARGEST = SIZE + 1;
    private static final int LEAST = LARGEST + 1;
    private static final int CHANGES = LEAST + 1;
    private static final int BATCHES = CHANGES + 1;
    private static final int BETA_FIRST = BATCHES + 1;
    private static final int BETA_COUNT = BETA_FIRST + 1;
    private static final int FAILURES = BETA_COUNT + 1;
    private static final int WORDS = FAILURES + 1;

    private final CudaContext context;
    private final ReplayLayout layout;
    private final CudaStruct struct;
    private final CudaSumTree tree; // null if all slots are drawn alike
    private final CudaBuffer betas; // f64 [BETAS]
    private final List<CudaBuffer> columns = new ArrayList<>();
    private final CudaReplayStaging[] areas = new CudaReplayStaging[AREAS];
    private final List<CudaReplaySampler> samplers = new ArrayList<>();
    private final CudaFunction append;
    private final CudaFunction clear;
    private int area;
    private boolean closed;

    CudaReplay(final CudaContext context, final ReplayLayout layout) {
        this.context = context;
        this.layout = layout;
        context.bind();
        final CudaModule module = context.module("replay");
        this.append = module.function("replay_append");
        this.clear = module.function("replay_clear");
        this.struct = new CudaStruct(context, WORDS);
        this.tree =
                layout.priorities() == null ? null : new CudaSumTree(context, layout.capacity());
        this.betas = context.allocate(DType.U8, (long) BETAS * Double.BYTES);
        for (int i = 0; i < AREAS; i++) {
            areas[i] = new CudaReplayStaging(context, layout);
        }
        writeStruct();
        clear();
        context.onClose(this::close);
    }

    private void writeStruct() {
        if (tree != null) {
            struct.set(TREE, tree.memory()).set(LEVELS, tree.levels());
            for (int level = 0; level < tree.levels(); level++) {
                struct.set(LEVEL + level, tree.start(level));
            }
        }
        final long capacity = layout.capacity();
        final long places = layout.observations();
        int word = COLUMNS;
        for (int i = 0; i < 4; i++) { // stamp, observed, next, action
            struct.set(word++, column(DType.I32, capacity));
        }
        struct.set(word++, column(DType.F32, capacity)); // reward
        struct.set(word++, column(DType.F32, capacity)); // discount
        struct.set(word++, column(DType.U8, capacity * layout.actions()));
        struct.set(word++, column(DType.I32, places)); // number
        struct.set(word++, column(DType.F32, places * layout.vector()));
        struct.set(word++, column(DType.U8, places * layout.image()));
        struct.set(word, betas);
        struct.set(SIZES, capacity)
                .set(SIZES + 1, places)
                .set(SIZES + 2, layout.vector())
                .set(SIZES + 3, layout.image())
                .set(SIZES + 4, layout.actions());
        final ReplayLayout.Priorities rule = layout.priorities();
        if (rule != null) {
            struct.set(RULE, rule.alpha())
                    .set(RULE + 1, rule.eps())
                    .set(RULE + 2, rule.limit())
                    .set(RULE + 3, rule.global() ? 1L : 0L);
        }
        struct.set(LARGEST, 1.0).set(LEAST, 1.0).set(BETA_COUNT, 1L);
        struct.write(0, WORDS);
    }

    /** {@return a new column, or null if it has no elements} */
    private CudaBuffer column(final DType dtype, final long length) {
        if (length == 0) {
            return null;
        }
        final CudaBuffer column = context.allocate(dtype, length);
        columns.add(column);
        return column;
    }

    CudaContext context() {
        return context;
    }

    ReplayLayout layout() {
        return layout;
    }

    long address() {
        return struct.address();
    }

    /** {@return warps that share the copying of an observation} */
    int parts() {
        final long bytes = Math.max(layout.image(), layout.vector() * (long) Float.BYTES);
        return Math.clamp((bytes + BYTES_PER_PART - 1) / BYTES_PER_PART, 1, MOST_PARTS);
    }

    /** {@return blocks with a warp for each of {@code rows}} */
    static int blocks(final int rows) {
        return Math.max(1, (rows + ROWS_PER_BLOCK - 1) / ROWS_PER_BLOCK);
    }

    @Override
    public ReplayStaging stage() {
        context.bind();
        area = (area + 1) % AREAS;
        return areas[area].rows();
    }

    @Override
    public void append(final int observations, final int transitions, final int size) {
        context.bind();
        final CudaReplayStaging staged = areas[area];
        staged.copy(observations);
        context.launch()
                .of(append)
                .address(struct.address())
                .address(staged.columns().address())
                .arg(observations)
                .arg(transitions)
                .arg(size)
                .grid(blocks(observations), parts(), 1, THREADS, 1, 1)
                .run();
        staged.scattered();
    }

    @Override
    public void setBetas(final long first, final double[] ahead) {
        if (ahead.length < 1 || ahead.length > BETAS) {
            throw new IllegalArgumentException(
                    "setBetas: betas=%d, expected [1, %d]".formatted(ahead.length, BETAS));
        }
        context.bind();
        betas.upload(0, MemorySegment.ofArray(ahead), 0, (long) ahead.length * Double.BYTES);
        struct.set(BETA_FIRST, first).set(BETA_COUNT, (long) ahead.length).write(BETA_FIRST, 2);
    }

    @Override
    public Sampler sampler(final BatchBuffers batch) {
        context.bind();
        final CudaReplaySampler sampler = new CudaReplaySampler(this, batch);
        samplers.add(sampler);
        return sampler;
    }

    @Override
    public void priorities(final MemorySegment units) {
        tree.download(units);
    }

    @Override
    public void setPriorities(final MemorySegment units) {
        context.bind();
        tree.upload(units);
        tree.rebuild(struct);
    }

    @Override
    public State state() {
        struct.read(LARGEST, BATCHES - LARGEST + 1);
        return new State(
                struct.number(LARGEST),
                struct.number(LEAST),
                struct.word(CHANGES),
                struct.word(BATCHES));
    }

    @Override
    public void restore(final State state) {
        struct.set(LARGEST, state.largest())
                .set(LEAST, state.least())
                .set(CHANGES, state.changes())
                .set(BATCHES, state.batches())
                .write(LARGEST, BATCHES - LARGEST + 1);
    }

    @Override
    public long failures() {
        struct.read(FAILURES, 1);
        final long failures = struct.word(FAILURES);
        if (failures > 0) {
            struct.set(FAILURES, 0L).write(FAILURES, 1);
        }
        return failures;
    }

    @Override
    public void clear() {
        context.bind();
        context.launch()
                .of(clear)
                .address(struct.address())
                .elements(Math.max(layout.capacity(), layout.observations()))
                .run();
        if (tree != null) {
            tree.rebuild(struct);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        context.bind();
        samplers.forEach(CudaReplaySampler::close);
        for (final CudaReplayStaging staged : areas) {
            staged.close();
        }
        columns.forEach(CudaBuffer::close);
        if (tree != null) {
            tree.close();
        }
        betas.close();
        struct.close();
    }
}
