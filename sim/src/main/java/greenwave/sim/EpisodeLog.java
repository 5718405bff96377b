package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a world was told in its present episode, and a checksum of all that came of it up to each
 * decision: enough to do it again and to see that it is the same. Grows with the longest episode. One
 * thread.
 */
final class EpisodeLog {
    private static final int FIRST_DECISIONS = 256;

    private final int world;
    private final int[] agents; // of this world, by group
    private final int[][]
            replayed; // actions in the shape of a batch; only this world's rows are used
    private final List<ByteBuffer> seen = new ArrayList<>(); // this world's rows of the batch
    private final List<ByteBuffer> earned =
            new ArrayList<>(); // likewise; of no meaning at the start
    private final int width;
    private final CRC32C checksum = new CRC32C();
    private int[] actions;
    private int[] checksums; // after the start, then after each decision
    private int size;

    /** A log of {@code world}, whose rows of {@code batches} are checked. */
    EpisodeLog(final List<AgentGroup> groups, final List<GroupBatch> batches, final int world) {
        this.world = world;
        this.agents = groups.stream().mapToInt(group -> group.agents().size()).toArray();
        this.width = Arrays.stream(agents).sum();
        this.actions = new int[FIRST_DECISIONS * width];
        this.checksums = new int[FIRST_DECISIONS + 1];
        this.replayed = new int[agents.length][];
        for (int group = 0; group < agents.length; group++) {
            final GroupBatch batch = batches.get(group);
            final int worlds = batch.rows() / agents[group];
            replayed[group] = new int[batch.rows()];
            seen.add(rows(batch.obs(), worlds));
            seen.add(rows(batch.legal(), worlds));
            if (batch.image() != null) {
                seen.add(rows(batch.image(), worlds));
            }
            earned.add(rows(batch.reward(), worlds));
        }
    }

    private ByteBuffer rows(final MemorySegment column, final int worlds) {
        final long bytes = column.byteSize() / worlds;
        return column.asSlice(world * bytes, bytes).asByteBuffer();
    }

    /** Forgets everything: the first observation of a new episode is in the batch. */
    void begin() {
        size = 0;
        checksum.reset();
        checksums[0] = digest(seen);
    }

    /** Adds a decision whose outcome is in the batch; {@code taken} are actions by group, then row. */
    void add(final int[][] taken) {
        if ((size + 1) * width > actions.length) {
            actions = Arrays.copyOf(actions, 2 * actions.length);
            checksums = Arrays.copyOf(checksums, 2 * checksums.length);
        }
        int to = size * width;
        for (int group = 0; group < agents.length; group++) {
            System.arraycopy(taken[group], world * agents[group], actions, to, agents[group]);
            to += agents[group];
        }
        digest(earned);
        checksums[++size] = digest(seen);
    }

    /** {@return the number of decisions} */
    int size() {
        return size;
    }

    /** {@return the actions of a decision, in the shape of a batch; overwritten by the next call} */
    int[][] actions(final int decision) {
        int from = decision * width;
        for (int group = 0; group < agents.length; group++) {
            System.arraycopy(actions, from, replayed[group], world * agents[group], agents[group]);
            from += agents[group];
        }
        return replayed;
    }

    /**
     * {@return whether the batch holds what it held after {@code decisions} decisions} Ask in order,
     * from 0: a checksum covers all before it.
     */
    boolean isSame(final int decisions) {
        if (decisions == 0) {
            checksum.reset();
        } else {
            digest(earned);
        }
        return digest(seen) == checksums[decisions];
    }

    private int digest(final List<ByteBuffer> rows) {
        for (final ByteBuffer column : rows) {
            checksum.update(column.clear());
        }
        return (int) checksum.getValue();
    }
}
