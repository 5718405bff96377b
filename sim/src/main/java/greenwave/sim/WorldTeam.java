package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.WorldPosition;
import greenwave.sim.libtraci.SumoHost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;

/**
 * The worlds of an environment, each with a thread that lives from opening to closing: libtraci's state and
 * the life of the SUMO process hang on it. Driven by one thread, which waits for all worlds at once.
 */
final class WorldTeam {
    /** A SUMO that takes longer over its farewell is killed. */
    private static final long CLOSE_SECONDS = 10;

    /** What SUMO has at hand is waited for so long on the processor: to sleep and be woken takes longer. */
    private static final long SPIN_NANOS = 30_000;

    private final SumoHost host;
    private final Selector selector;
    private final DrivenWorld[] members;
    private final int[] came; // worlds whose decisions are done, as of the last recv
    private int underWay; // worlds that were sent to and not received from

    /** A world for each of {@code listeners}, which may be empty. */
    WorldTeam(
            final World.Common common,
            final List<Optional<WorldListener>> listeners,
            final int port) {
        this.host = common.host();
        try {
            this.selector = Selector.open();
        } catch (final IOException e) {
            throw new UncheckedIOException("sumo: cannot wait for sockets: " + e, e);
        }
        final Runnable wake = selector::wakeup;
        this.members = new DrivenWorld[listeners.size()];
        this.came = new int[members.length];
        for (int index = 0; index < members.length; index++) {
            members[index] =
                    new DrivenWorld(
                            new SurvivingWorld(
                                    common,
                                    index,
                                    port == 0 ? 0 : port + index,
                                    listeners.get(index)),
                            new WorldThread("greenwave-world-" + index, wake));
        }
    }

    void open() {
        all(member -> member.world().world()::open);
    }

    /** Starts every world where {@code positions} says. */
    void start(final List<WorldPosition> positions, final IntBinaryOperator seeds) {
        all(
                member -> {
                    member.clear(seeds);
                    final SurvivingWorld world = member.world();
                    final WorldPosition position = positions.get(world.index());
                    return () -> {
                        world.start(position.episode(), member.seed(position.episode()));
                        world.resume(position.actions());
                    };
                });
        for (final DrivenWorld member : members) {
            member.listen(selector);
        }
        underWay = 0;
    }

    /** {@return whether a world was sent to and not received from} */
    boolean isUnderWay(final int world) {
        return members[world].isUnderWay();
    }

    /** {@return how many were sent to and not received from} */
    int underWay() {
        return underWay;
    }

    /** Has a world take a decision; {@code actions} by group, then row of the batch. */
    void send(final int world, final int[][] actions) {
        underWay++;
        members[world].send(actions);
    }

    /**
     * Waits until the decisions of at least {@code least} worlds are done, and takes them all.
     *
     * @return how many are done; {@link #came} says which
     * @throws SumoException the failure of the first world that failed, after all have come to rest
     */
    int recv(final int least) {
        awaitDecisions(least);
        int count = 0;
        boolean failed = false;
        for (int world = 0; world < members.length; world++) {
            if (members[world].isCome()) {
                failed |= members[world].failure() != null;
                members[world].receive();
                came[count++] = world;
            }
        }
        underWay -= count;
        if (failed) {
            awaitDecisions(underWay);
            throwFirst(DrivenWorld::failure);
        }
        return count;
    }

    private void awaitDecisions(final int least) {
        setAwaited(true);
        long deadline = 0;
        while (advance() < least) {
            if (!isAnyAtHand()) {
                deadline = 0;
                select();
            } else if (deadline == 0) {
                deadline = System.nanoTime() + SPIN_NANOS;
            } else if (System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            } else {
                select();
            }
        }
        setAwaited(false);
    }

    /** {@return worlds whose decisions are done} */
    private int advance() {
        int count = 0;
        for (final DrivenWorld member : members) {
            member.advance(selector);
            count += member.isCome() ? 1 : 0;
        }
        return count;
    }

    private boolean isAnyAtHand() {
        for (final DrivenWorld member : members) {
            if (member.isAtHand()) {
                return true;
            }
        }
        return false;
    }

    private void setAwaited(final boolean now) {
        for (final DrivenWorld member : members) {
            if (member.isPolled()) {
                member.world().world().await(now);
            }
        }
    }

    /** Sleeps until SUMO or a thread has something new. */
    private void select() {
        try {
            selector.select(key -> ((DrivenWorld) key.attachment()).setReadable());
        } catch (final IOException e) {
            throw new UncheckedIOException("sumo: cannot wait for sockets: " + e, e);
        }
        if (Thread.currentThread().isInterrupted()) {
            host.kill();
            throw new SumoException("sumo: interrupted");
        }
    }

    /** {@return the worlds of the last {@link #recv}, ascending; as many as it returned} */
    int[] came() {
        return came;
    }

    /** {@return the episodes that ended in the first {@code count} worlds of {@link #came}} */
    List<EpisodeEnd> ends(final int count) {
        List<EpisodeEnd> ends = List.of();
        for (int i = 0; i < count; i++) {
            final EpisodeEnd end = members[came[i]].end();
            if (end != null) {
                ends = ends.isEmpty() ? new ArrayList<>() : ends;
                ends.add(end);
            }
        }
        return ends;
    }

    Transport transport() {
        return members[0].world().world().transport();
    }

    String simulator() {
        return members[0].world().world().simulator();
    }

    /** {@return how often a world was lost and started anew} */
    long recovered() {
        long recovered = 0;
        for (final DrivenWorld member : members) {
            recovered += member.world().recovered();
        }
        return recovered;
    }

    /** Ends all worlds and their threads, whatever they do. */
    void close() {
        try {
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            if (!awaitIdle(deadline)) {
                host.kill();
                awaitIdle(deadline + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
            }
            for (final DrivenWorld member : members) {
                if (member.thread().isIdle()) {
                    member.thread().post(member.world()::close);
                }
                member.thread().end();
            }
            for (final DrivenWorld member : members) {
                if (!member.thread().awaitEnd(deadline - System.nanoTime())) {
                    host.kill();
                    member.thread().awaitEnd(TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
                }
            }
            selector.close();
        } catch (final InterruptedException e) {
            host.kill();
            Arrays.stream(members).forEach(member -> member.thread().end());
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            throw new UncheckedIOException("sumo: close: " + e.getMessage(), e);
        }
    }

    private boolean awaitIdle(final long deadline) throws InterruptedException {
        while (!isIdle()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    private boolean isIdle() {
        for (final DrivenWorld member : members) {
            if (!member.thread().isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** What is done to a world on its thread. */
    private interface Work {
        WorldThread.Task on(DrivenWorld member);
    }

    /**
     * Does {@code work} in all worlds at once, after what their threads are busy with.
     *
     * @throws SumoException the failure of the first world that failed, after all have come to rest
     */
    private void all(final Work work) {
        awaitThreads();
        for (final DrivenWorld member : members) {
            member.thread().post(work.on(member));
        }
        awaitThreads();
        throwFirst(member -> member.thread().failure());
    }

    private void awaitThreads() {
        while (!isIdle()) {
            select();
        }
    }

    private void throwFirst(final Function<DrivenWorld, Throwable> failures) {
        for (final DrivenWorld member : members) {
            final Throwable failure = failures.apply(member);
            if (failure instanceof final Error error) {
                throw error;
            }
            if (failure instanceof final RuntimeException exception) {
                throw exception;
            }
            if (failure != null) {
                throw new SumoException("sumo: " + failure, failure);
            }
        }
    }
}
