package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.libtraci.SumoHost;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private final List<World> worlds = new ArrayList<>();
    private final List<ExecutorService> owners = new ArrayList<>();
    private final SumoHost host;

    /** A world for each of {@code listeners}, which may be empty. */
    WorldTeam(
            final World.Common common,
            final List<Optional<WorldListener>> listeners,
            final int port) {
        this.host = common.host();
        for (int index = 0; index < listeners.size(); index++) {
            final String name = "greenwave-world-" + index;
            worlds.add(
                    new World(common, index, port == 0 ? 0 : port + index, listeners.get(index)));
            owners.add(
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().daemon().name(name).factory()));
        }
    }

    void open() {
        all(
                world -> {
                    world.open();
                    return null;
                });
    }

    /** Starts the first episode of every world. */
    void start(final IntBinaryOperator seeds) {
        all(
                world -> {
                    start(world, 0, seeds);
                    return null;
                });
    }

    private static void start(final World world, final int episode, final IntBinaryOperator seeds) {
        world.start(episode, seeds.applyAsInt(world.index(), episode));
    }

    /** {@return the episodes that ended, by world; their worlds have begun the next} */
    List<EpisodeEnd> step(final int[][] actions, final IntBinaryOperator seeds) {
        final List<EpisodeEnd> ends =
                all(
                        world -> {
                            if (!world.decide(actions)) {
                                return null;
                            }
                            final EpisodeEnd end = world.finish();
                            start(world, end.episode() + 1, seeds);
                            return end;
                        });
        return ends.stream().filter(Objects::nonNull).toList();
    }

    String simulator() {
        return worlds.getFirst().simulator();
    }

    /** Ends all worlds and their threads, whatever they do. */
    void close() {
        for (int i = 0; i < worlds.size(); i++) {
            owners.get(i).execute(worlds.get(i)::close);
            owners.get(i).shutdown();
        }
        try {
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
            for (final ExecutorService owner : owners) {
                if (!owner.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    host.kill();
                    owner.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
                }
            }
        } catch (final InterruptedException e) {
            host.kill();
            Thread.currentThread().interrupt();
        }
    }

    /** What is done to a world on its thread. */
    private interface Task<T> {
        T of(World world) throws IOException;
    }

    /**
     * Runs {@code task} in all worlds at once.
     *
     * @throws SumoException the failure of the first world that failed, after all have come to rest
     */
    private <T> List<T> all(final Task<T> task) {
        final List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < worlds.size(); i++) {
            final World world = worlds.get(i);
            futures.add(owners.get(i).submit(() -> task.of(world)));
        }
        final List<T> results = new ArrayList<>();
        ExecutionException failure = null;
        for (final Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (final ExecutionException e) {
                failure = failure == null ? e : failure;
            } catch (final InterruptedException e) {
                host.kill();
                Thread.currentThread().interrupt();
                throw new SumoException("sumo: interrupted", e);
            }
        }
        if (failure != null) {
            throw unwrapped(failure);
        }
        return results;
    }

    private static RuntimeException unwrapped(final ExecutionException failure) {
        if (failure.getCause() instanceof final Error error) {
            throw error;
        }
        return failure.getCause() instanceof final RuntimeException cause
                ? cause
                : new SumoException("sumo: " + failure.getCause(), failure.getCause());
    }
}
