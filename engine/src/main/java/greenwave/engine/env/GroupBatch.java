package greenwave.engine.env;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the agents of one {@link AgentGroup} saw in one batched step, off heap, row-major. Row {@code
 * world * agents + agent} belongs to agent {@code agent} of world {@code world}. The environment
 * overwrites it in every step.
 */
public final class GroupBatch {
    private final int rows;
    private final MemorySegment obs;
    private final MemorySegment finalObs;
    private final MemorySegment image; // null without, as is the next
    private final MemorySegment finalImage;
    private final MemorySegment reward;
    private final MemorySegment terminated;
    private final MemorySegment truncated;
    private final MemorySegment lost;
    private final MemorySegment legal;
    private final MemorySegment finalLegal;
    private final MemorySegment due;
    private final MemorySegment finalDue;

    /** Allocates columns in {@code arena}, zeroed but for what is legal and due: all; {@code rows} is positive. */
    public GroupBatch(final AgentGroup group, final int rows, final Arena arena) {
        this.rows = rows;
        final long obsBytes = (long) rows * group.obsSize() * Float.BYTES;
        this.obs = arena.allocate(obsBytes, 64);
        this.finalObs = arena.allocate(obsBytes, 64);
        final long imageBytes = (long) rows * group.imageSize();
        this.image = imageBytes == 0 ? null : arena.allocate(imageBytes, 64);
        this.finalImage = imageBytes == 0 ? null : arena.allocate(imageBytes, 64);
        this.reward = arena.allocate(ValueLayout.JAVA_FLOAT, rows);
        this.terminated = arena.allocate(rows);
        this.truncated = arena.allocate(rows);
        this.lost = arena.allocate(rows);
        this.legal = arena.allocate((long) rows * group.actions());
        legal.fill((byte) 1);
        this.finalLegal = arena.allocate((long) rows * group.actions());
        finalLegal.fill((byte) 1);
        this.due = arena.allocate(rows);
        due.fill((byte) 1);
        this.finalDue = arena.allocate(rows);
        finalDue.fill((byte) 1);
    }

    /** {@return the number of rows, R} */
    public int rows() {
        return rows;
    }

    /** {@return f32 [R, obsSize], empty if that is 0: what to act on next; of a new episode where one has just ended} */
    public MemorySegment obs() {
        return obs;
    }

    /** {@return f32 [R, obsSize]: the last observation of the ended episode; set only where it ended} */
    public MemorySegment finalObs() {
        return finalObs;
    }

    /** {@return u8 [R, C, H, W]: as {@link #obs}, the images; null if the group has none} */
    public MemorySegment image() {
        return image;
    }

    /** {@return u8 [R, C, H, W]: as {@link #finalObs}, the images; null if the group has none} */
    public MemorySegment finalImage() {
        return finalImage;
    }

    /** {@return f32 [R]: reward of the step just taken} */
    public MemorySegment reward() {
        return reward;
    }

    /** {@return u8 [R]: 1 where the episode ended in a terminal state, whose value is 0} */
    public MemorySegment terminated() {
        return terminated;
    }

    /** {@return u8 [R]: 1 where the episode was cut off; its value is that of {@link #finalObs}, if known: see {@link #finalDue}} */
    public MemorySegment truncated() {
        return truncated;
    }

    /**
     * {@return u8 [R]: 1 where the world was lost before it carried out the action, besides {@link
     * #truncated}: that action has no outcome, and {@link #finalObs} is what it was chosen on}
     */
    public MemorySegment lost() {
        return lost;
    }

    /** {@return u8 [R, actions]: 1 where an action is legal on {@link #obs}; at least one per row} */
    public MemorySegment legal() {
        return legal;
    }

    /** {@return u8 [R, actions]: 1 where an action is legal on {@link #finalObs}; set only where an episode ended} */
    public MemorySegment finalLegal() {
        return finalLegal;
    }

    /** {@return u8 [R]: 1 where the agent decides on {@link #obs}; where 0, its action is {@link VecEnv#NONE}} */
    public MemorySegment due() {
        return due;
    }

    /** {@return u8 [R]: 1 where the agent would have decided on {@link #finalObs}; set only where an episode ended} */
    public MemorySegment finalDue() {
        return finalDue;
    }
}
