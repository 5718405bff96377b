package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.WorldPosition;
import greenwave.sim.libtraci.SumoHost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntBinaryOperator;

/**
 * The worlds of an environment, each with the one thread that may touch it. That thread lives from
 * opening to closing: libtraci's state and the life of the SUMO process hang on it. Driven by one
 * thread.
 */
final class WorldTeam {
    /** A SUMO that takes longer over its farewell is killed. */
    private static final long CLOSE_SECONDS = 10;

    private final SumoHost host;
    private final WorldThread.Done done = new WorldThread.Done();
    private final Member[] members;
    private final int[] came; // worlds whose decisions are done, as of the last recv
    private long posted;
    private int underWay; // worlds that were sent to and not received from

    /** A world, its thread, and what is between them and the driver. */
    private static final class Member {
        final SurvivingWorld world;
        final WorldThread thread;
        final WorldThread.Task decision = this::decide;
        boolean sent;
        int[][] actions; // written before the decision is posted, as are the seeds
        IntBinaryOperator seeds;
        EpisodeEnd end; // of the last decision; written before it is done

        Member(final SurvivingWorld world, final WorldThread thread) {
            this.world = world;
            this.thread = thread;
        }

        private void decide() {
            end = null;
            if (world.decide(actions)) {
                end = world.finish();
                world.start(end.episode() + 1, seed(end.episode() + 1));
            }
        }

        int seed(final int episode) {
            return seeds.applyAsInt(world.index(), episode);
        }
    }

    /** A world for each of {@code listeners}, which may be empty. */
    WorldTeam(
            final World.Common common,
            final List<Optional<WorldListener>> listeners,
            final int port) {
        this.host = common.host();
        this.members = new Member[listeners.size()];
        this.came = new int[members.length];
        for (int index = 0; index < members.length; index++) {
            members[index] =
                    new Member(
                            new SurvivingWorld(
                                    common,
                                    index,
                                    port == 0 ? 0 : port + index,
                                    listeners.get(index)),
                            new WorldThread("greenwave-world-" + index, done));
        }
    }

    void open() {
        all(member -> member.world.world()::open);
    }

    /** Starts every world where {@code positions} says. */
    void start(final List<WorldPosition> positions, final IntBinaryOperator seeds) {
        all(
                member -> {
                    member.sent = false;
                    member.seeds = seeds;
                    final WorldPosition position = positions.get(member.world.index());
                    return () -> {
                        member.world.start(position.episode(), member.seed(position.episode()));
                        member.world.resume(position.actions());
                    };
                });
        underWay = 0;
    }

    /** {@return whether a world was sent to and not received from} */
    boolean isUnderWay(final int world) {
        return members[world].sent;
    }

    /** {@return how many were sent to and not received from} */
    int underWay() {
        return underWay;
    }

    /** Has a world take a decision; {@code actions} by group, then row of the batch. */
    void send(final int world, final int[][] actions) {
        final Member member = members[world];
        member.sent = true;
        member.actions = actions;
        underWay++;
        post(member, member.decision);
    }

    /**
     * Waits until the decisions of at least {@code least} worlds are done, and takes them all.
     *
     * @return how many are done; {@link #came} says which
     * @throws SumoException the failure of the first world that failed, after all have come to rest
     */
    int recv(final int least) {
        await(posted - (underWay - least));
        int count = 0;
        boolean failed = false;
        for (int world = 0; world < members.length; world++) {
            if (members[world].sent && members[world].thread.isIdle()) {
                failed |= members[world].thread.failure() != null;
                members[world].sent = false;
                came[count++] = world;
            }
        }
        underWay -= count;
        if (failed) {
            await(posted);
            throwFirstFailure();
        }
        return count;
    }

    /** {@return the worlds of the last {@link #recv}, ascending; as many as it returned} */
    int[] came() {
        return came;
    }

    /** {@return the episodes that ended in the first {@code count} worlds of {@link #came}} */
    List<EpisodeEnd> ends(final int count) {
        List<EpisodeEnd> ends = List.of();
        for (int i = 0; i < count; i++) {
            final EpisodeEnd end = members[came[i]].end;
            if (end != null) {
                ends = ends.isEmpty() ? new ArrayList<>() : ends;
                ends.add(end);
            }
        }
        return ends;
    }

    Transport transport() {
        return members[0].world.world().transport();
    }

    String simulator() {
        return members[0].world.world().simulator();
    }

    /** {@return how often a world was lost and started anew} */
    long recovered() {
        long recovered = 0;
        for (final Member member : members) {
            recovered += member.world.recovered();
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
            for (final Member member : members) {
                if (member.thread.isIdle()) {
                    post(member, member.world::close);
                }
                member.thread.end();
            }
            for (final Member member : members) {
                if (!member.thread.awaitEnd(deadline - System.nanoTime())) {
                    host.kill();
                    member.thread.awaitEnd(TimeUnit.SECONDS.toNanos(CLOSE_SECONDS));
                }
            }
        } catch (final InterruptedException e) {
            host.kill();
            Arrays.stream(members).forEach(member -> member.thread.end());
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitIdle(final long deadline) throws InterruptedException {
        while (done.count() < posted) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(1);
        }
        return true;
    }

    /** What is done to a world on its thread. */
    private interface Work {
        WorldThread.Task on(Member member);
    }

    /**
     * Does {@code work} in all worlds at once, after what is under way.
     *
     * @throws SumoException the failure of the first world that failed, after all have come to rest
     */
    private void all(final Work work) {
        await(posted);
        for (final Member member : members) {
            post(member, work.on(member));
        }
        await(posted);
        throwFirstFailure();
    }

    private void post(final Member member, final WorldThread.Task task) {
        posted++;
        member.thread.post(task);
    }

    private void await(final long total) {
        try {
            done.await(total);
        } catch (final InterruptedException e) {
            host.kill();
            Thread.currentThread().interrupt();
            throw new SumoException("sumo: interrupted", e);
        }
    }

    private void throwFirstFailure() {
        for (final Member member : members) {
            final Throwable failure = member.thread.failure();
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
