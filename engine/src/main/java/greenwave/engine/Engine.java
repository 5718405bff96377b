package greenwave.engine;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Owns a backend, with all memory that networks, plans and replays take from it, and the seed. Engines share nothing:
 * several may be open in one JVM. One thread at a time uses an engine and what was made from it.
 */
public final class Engine implements AutoCloseable {
    /** Memory beside the backend's that ends with an engine. */
    public interface Resource extends AutoCloseable {
        /** {@return what it takes off the heap} */
        long bytes();

        /** Frees it; later calls do nothing. */
        @Override
        void close();
    }

    private final EngineConfig config;
    private final Backend backend;
    private final Map<String, List<RandomStream>> streams =
            new TreeMap<>(); // given out, by purpose

    private final Set<Resource> resources =
            Collections.newSetFromMap(new IdentityHashMap<>()); // open; guarded by itself

    private Engine(final EngineConfig config, final Backend backend) {
        this.config = config;
        this.backend = backend;
    }

    /**
     * Opens an engine.
     *
     * @throws IllegalArgumentException if the backend cannot be had; the message says why
     */
    public static Engine open(final EngineConfig config) {
        return new Engine(config, Backends.open(config.backend()));
    }

    /** {@return the settings it was opened with} */
    public EngineConfig config() {
        return config;
    }

    /** {@return where this engine computes} */
    public Backend backend() {
        return backend;
    }

    /**
     * {@return a new random stream: a function of the seed, the purpose and how many streams this purpose had before, so
     * that what one purpose draws never moves another}
     */
    public RandomStream random(final String purpose) {
        final List<RandomStream> before = streams.computeIfAbsent(purpose, _ -> new ArrayList<>());
        long state = RandomStream.mix(config.seed());
        state = RandomStream.mix(state ^ purpose.hashCode()); // the hash of a String is specified
        final RandomStream stream = new RandomStream(RandomStream.mix(state + before.size() + 1));
        before.add(stream);
        return stream;
    }

    /** {@return the states of all streams given out, by purpose, in the order of giving} */
    public Map<String, List<Long>> randomStates() {
        final Map<String, List<Long>> states = new TreeMap<>();
        streams.forEach(
                (purpose, given) ->
                        states.put(purpose, given.stream().map(RandomStream::state).toList()));
        return states;
    }

    /**
     * Lets all streams go on from {@code states}, which an engine has told that gave out as many.
     *
     * @throws IllegalArgumentException if it gave out others; nothing has changed
     */
    public void restoreRandomStates(final Map<String, List<Long>> states) {
        if (!counts(states).equals(counts(streams))) {
            throw new IllegalArgumentException(
                    "engine: random streams=%s, expected %s"
                            .formatted(counts(states), counts(streams)));
        }
        streams.forEach(
                (purpose, given) -> {
                    for (int i = 0; i < given.size(); i++) {
                        given.get(i).restore(states.get(purpose).get(i));
                    }
                });
    }

    private static Map<String, Integer> counts(final Map<String, ? extends List<?>> byPurpose) {
        final Map<String, Integer> counts = new TreeMap<>();
        byPurpose.forEach((purpose, list) -> counts.put(purpose, list.size()));
        return counts;
    }

    /** {@return one line: backend and seed} */
    public String describe() {
        return "backend=%s, seed=%d".formatted(backend.describe(), config.seed());
    }

    /** Counts {@code resource} among what this engine holds, and closes it with the engine. */
    public void own(final Resource resource) {
        synchronized (resources) {
            resources.add(resource);
        }
    }

    /** Forgets {@code resource}, which has been closed. */
    public void disown(final Resource resource) {
        synchronized (resources) {
            resources.remove(resource);
        }
    }

    /** {@return bytes off the heap in use: those of the backend, and of what the engine owns beside it} */
    public long allocatedBytes() {
        synchronized (resources) {
            return backend.allocatedBytes() + resources.stream().mapToLong(Resource::bytes).sum();
        }
    }

    /** Frees everything made from this engine; later calls do nothing. */
    @Override
    public void close() {
        final List<Resource> open;
        synchronized (resources) {
            open = List.copyOf(resources);
        }
        open.forEach(Resource::close);
        backend.close();
    }
}
