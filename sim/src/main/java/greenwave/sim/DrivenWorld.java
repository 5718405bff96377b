package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/**
 * A world, its thread, and how far its decision has come. Where the transport can be polled, the driver itself
 * carries the decision out, as answers come: to hand it to the world's thread and back would take two wakes of
 * a thread. What takes long, the end of an episode, the start of another and making good a loss, is left to
 * the world's thread; so is everything where the transport can't be polled.
 *
 * <p>Driven by one thread. A decision is {@link #send}, {@link #advance} until it has {@link #isCome}, {@link
 * #receive}.
 */
final class DrivenWorld {
    private final SurvivingWorld world;
    private final WorldThread thread;
    private final WorldThread.Task decision = this::decide;
    private final WorldThread.Task completion = this::complete;
    private SelectionKey key; // of the episode's connection; null where it can't be polled
    private Stage stage = Stage.RESTING;
    private boolean readable; // a part of an answer has come at least
    private Throwable failure; // of a decision on the driver's thread
    private int[][] actions; // written before the decision is posted, as are the seeds
    private IntBinaryOperator seeds;
    private EpisodeEnd end; // of the last decision; written before it has come

    private enum Stage {
        /** Nothing was sent. */
        RESTING,
        /** The driver waits for SUMO. */
        POLLED,
        /** The world's thread has the decision, or what remains of it. */
        POSTED,
        /** The decision is done. */
        COME
    }

    DrivenWorld(final SurvivingWorld world, final WorldThread thread) {
        this.world = world;
        this.thread = thread;
    }

    /** {@return the world, which is its thread's while that is busy} */
    SurvivingWorld world() {
        return world;
    }

    WorldThread thread() {
        return thread;
    }

    /** Forgets what is under way, which has come to rest; episodes that start get their seeds from {@code newSeeds}. */
    void clear(final IntBinaryOperator newSeeds) {
        stage = Stage.RESTING;
        seeds = newSeeds;
    }

    int seed(final int episode) {
        return seeds.applyAsInt(world.index(), episode);
    }

    /** Turns to the connection of the present episode, on which {@code selector} is to listen. */
    void listen(final Selector selector) {
        final Optional<SelectableChannel> channel = world.world().channel();
        key = null;
        if (channel.isPresent()) {
            try {
                key = channel.get().register(selector, SelectionKey.OP_READ, this);
            } catch (final ClosedChannelException e) {
                // SUMO is lost, which the next decision finds out on the world's thread
            }
        }
    }

    /** Begins a decision. */
    void send(final int[][] newActions) {
        actions = newActions;
        end = null;
        failure = null;
        if (key == null) {
            stage = Stage.POSTED;
            thread.post(decision);
            return;
        }
        stage = Stage.POLLED;
        readable = false;
        try {
            world.begin(actions);
        } catch (final Throwable e) { // belongs to who receives it
            failure = e;
        }
    }

    private void decide() {
        world.begin(actions);
        world.advance(true);
        complete();
    }

    private void complete() {
        if (world.complete(actions)) {
            final int next = world.episode() + 1;
            final int nextSeed = seed(next);
            end = world.finish(nextSeed);
            world.start(next, nextSeed);
        }
    }

    /** Notes that something can be read from SUMO. */
    void setReadable() {
        readable = true;
    }

    /**
     * Goes on with the decision, waiting for nothing.
     *
     * @param selector as of {@link #listen}
     */
    void advance(final Selector selector) {
        if (stage == Stage.POLLED && (readable || isAtHand() || failure != null)) {
            readable = false;
            poll();
        }
        if (stage == Stage.POSTED && thread.isIdle()) {
            stage = Stage.COME;
            failure = thread.failure();
            if (failure == null) {
                listen(selector); // there may be another SUMO
            }
        }
    }

    private void poll() {
        try {
            if (failure == null) {
                if (!world.advance(false)) {
                    return;
                }
                if (world.isEventful()) {
                    stage = Stage.POSTED;
                    thread.post(completion);
                    return;
                }
                world.complete(actions);
            }
        } catch (final Throwable e) { // belongs to who receives it
            failure = e;
        }
        stage = Stage.COME;
    }

    /** {@return whether it was sent to and not received from} */
    boolean isUnderWay() {
        return stage != Stage.RESTING;
    }

    /** {@return whether its decision is done} */
    boolean isCome() {
        return stage == Stage.COME;
    }

    /** {@return whether the driver waits for SUMO} */
    boolean isPolled() {
        return stage == Stage.POLLED;
    }

    /** {@return whether SUMO only has to look up what it owes the driver} */
    boolean isAtHand() {
        return stage == Stage.POLLED && world.world().isAtHand();
    }

    /** Takes the decision that has come. */
    void receive() {
        stage = Stage.RESTING;
    }

    /** {@return what the decision failed with, or null} */
    Throwable failure() {
        return failure;
    }

    /** {@return the episode that the decision ended, or null} */
    EpisodeEnd end() {
        return end;
    }
}
