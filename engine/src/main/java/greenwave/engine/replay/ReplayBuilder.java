package greenwave.engine.replay;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;

import java.util.Objects;

/**
 * The settings that every stored replay has.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ReplayBuilder<B extends ReplayBuilder<B>>
        permits UniformReplay.Builder, PrioritizedReplay.Builder {
    private static final int MAX_CAPACITY = NumberedRing.MAX_LENGTH / 2; // observations are more

    final Engine engine;
    final AgentGroup group;
    int capacity = 10_000; // the PyTorch DQN tutorial's ReplayMemory
    int steps = 1;
    float gamma = 0.99f; // the PyTorch DQN tutorial's
    private final String name;
    private long memoryLimit = Long.MAX_VALUE;

    ReplayBuilder(final String name, final Engine engine, final AgentGroup group) {
        this.name = name;
        this.engine = Objects.requireNonNull(engine, "engine");
        this.group = Objects.requireNonNull(group, "group");
    }

    abstract B self();

    /** {@return the bytes with which transitions are chosen} */
    abstract long slotBytes();

    /** Sets how many transitions are kept, 10,000 if never called; in [1, 2^28]. */
    public final B capacity(final int capacity) {
        require(
                capacity >= 1 && capacity <= MAX_CAPACITY,
                "capacity",
                capacity,
                "in [1, %d]".formatted(MAX_CAPACITY));
        this.capacity = capacity;
        return self();
    }

    /**
     * Sets over how many steps rewards are summed before the next state's value counts, and what a step discounts; 1 and 0.99
     * if never called (Sutton and Barto 2018, section 7.1).
     *
     * @param steps in [1, 1000]
     * @param gamma in [0, 1]
     */
    public final B nStep(final int steps, final float gamma) {
        require(steps >= 1 && steps <= 1000, "nStep", steps, "in [1, 1000]");
        require(gamma >= 0 && gamma <= 1, "gamma", gamma, "in [0, 1]");
        this.steps = steps;
        this.gamma = gamma;
        return self();
    }

    /** Sets the most bytes that the replay may take; without, it is the machine's memory. */
    public final B memoryLimit(final long bytes) {
        require(bytes >= 0, "memoryLimit", bytes, ">= 0");
        this.memoryLimit = bytes;
        return self();
    }

    /** {@return what a replay of these settings takes} */
    public final MemoryBudget budget() {
        return MemoryBudget.of(group, capacity, slotBytes());
    }

    /** {@return the same, once it is sure to fit} */
    final MemoryBudget checkedBudget() {
        final MemoryBudget budget = budget();
        budget.require(name, memoryLimit);
        return budget;
    }

    final void require(
            final boolean holds, final String setting, final Object value, final String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s: %s=%s, expected %s".formatted(name, setting, value, expected));
        }
    }
}
