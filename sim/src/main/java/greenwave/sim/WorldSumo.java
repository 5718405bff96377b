package greenwave.sim;

import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciClient;
import greenwave.sim.wire.WireTraci;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The SUMO processes of a world, one after another. Each plays one episode after another where {@link ExactLoad} has it
 * that a new process would play the same: to load an episode takes 4 ms, to start a process 35. What an episode has
 * written is whole once SUMO has ended it, which it does when it is told to load the next, before it looks at that:
 *
 * <ol>
 *   <li>Trips go to two files in turn, so that those of the ended episode stay for us to read while the next has
 *       begun. Whether they are whole says whether the episode counts, as after a process of its own.
 *   <li>Whatever becomes of SUMO while it loads, an episode whose trips are whole counts. The next one gets a new
 *       process with the very input that was to be loaded: if that is at fault, the process refuses it, and is met as
 *       any other. The world does not load again: what has gone wrong once would cost its time in every episode.
 *   <li>Without whole trips, what became of SUMO is what is told.
 *   <li>Where SUMO is started by a script, that is run for each episode: it may have something to do before or after.
 *   <li>SUMO 1.15 keeps 1 to 4 KiB of each episode: after {@value #MOST_EPISODES} a process is replaced.
 * </ol>
 *
 * One thread at a time, as for {@link World}.
 */
final class WorldSumo {
    private static final Logger LOG = System.getLogger(WorldSumo.class.getName());

    /** Of one process: what it costs to replace it is a hundredth of what it takes to start one each time. */
    private static final int MOST_EPISODES = 100;

    private final World.Common common;
    private final int index;
    private final int port;
    private Path folder;
    private TraciClient client;
    private SumoSession session; // of the present episode, or already of the next
    private Input present;
    private Input next; // that was to be loaded, or null
    private boolean loaded; // the session is that episode's
    private boolean failed; // to load
    private int played; // episodes of the present process

    /** What SUMO is given for an episode. */
    private record Input(
            int episode, int seed, Path trips, SumoConfig config, List<String> options) {
        boolean is(final int otherEpisode, final int otherSeed) {
            return episode == otherEpisode && seed == otherSeed;
        }
    }

    WorldSumo(final World.Common common, final int index, final int port) {
        this.common = common;
        this.index = index;
        this.port = port;
    }

    /** Makes the world's folder and its client. */
    void open() throws IOException {
        common.host().isolate();
        folder = Files.createDirectory(common.host().folder().resolve("world-" + index));
        client = new TraciClient(common.transport(), new WireTraci(), folder);
        if (!common.fixedTime()) {
            Files.writeString(programs(), common.layout().programs());
        }
    }

    private Path programs() {
        return folder.resolve("programs.add.xml");
    }

    /** As {@link World#transport}. */
    Transport transport() {
        return client.traci().transport();
    }

    /**
     * {@return a session at the begin of an episode} It is the one that has gone on to it, or a new one in place of
     * whatever there was.
     */
    SumoSession start(final int episode, final int seed) {
        final Input prepared = next != null && next.is(episode, seed) ? next : null;
        next = null;
        if (loaded && prepared != null) {
            loaded = false;
            present = prepared;
            played++;
            return session;
        }
        close();
        present = prepared == null ? input(episode, seed) : prepared;
        session =
                SumoSession.start(
                        index,
                        client,
                        common.host(),
                        common.sumo(),
                        present.options,
                        port,
                        folder,
                        common.config().begin());
        played = 1;
        return session;
    }

    private Input input(final int episode, final int seed) {
        final SumoConfig config = config(seed);
        final Path trips = folder.resolve(episode % 2 == 0 ? "tripinfo.xml" : "tripinfo-odd.xml");
        return new Input(
                episode,
                seed,
                trips,
                config,
                SumoOptions.of(config, common.fixedTime() ? null : programs(), trips, seed));
    }

    /** {@return what is simulated, with the episode's own traffic where there is a generator} */
    private SumoConfig config(final int seed) {
        if (common.demand().isEmpty()) {
            return common.config();
        }
        try {
            return common.config().withRoutes(common.demand().get().write(folder, seed));
        } catch (final IOException e) {
            throw new SumoException("demand: world=%d, seed=%d: %s".formatted(index, seed, e), e);
        }
    }

    /**
     * {@return how the vehicles of the present episode fared, which ends} The next one is loaded where that may be.
     *
     * @param nextSeed of the episode after it
     * @throws SumoException if SUMO failed, or its output is not whole
     */
    TripMetrics finish(final int nextSeed) {
        final double end = session.time(); // may lie past the window: decisions are not split
        SumoException failure = null;
        if (prepare(nextSeed)) {
            failure = load();
        } else {
            session.finish();
        }
        try {
            return TripInfo.read(present.trips, common.config().begin(), end);
        } catch (final SumoException e) {
            if (failure != null) {
                failure.addSuppressed(e);
                throw failure;
            }
            throw session.spoilt(
                    "SUMO's output is cut short or damaged, as by a full disk: " + e.getMessage(),
                    e);
        }
    }

    /** {@return whether there is an episode to be loaded after the present one} */
    private boolean prepare(final int nextSeed) {
        if (failed
                || played == MOST_EPISODES
                || !common.load().covers(transport(), session.simulator())
                || !session.isDirect(common.sumo())) {
            return false;
        }
        try {
            next = input(present.episode + 1, nextSeed);
        } catch (final SumoException | IllegalArgumentException e) {
            return false; // the start of that episode meets and tells it
        }
        return common.demand().isEmpty() || ExactLoad.wereTried(next.config.routes());
    }

    /** {@return what SUMO failed with, or null} */
    private SumoException load() {
        try {
            session.load(common.sumo(), next.options);
            loaded = true;
            return null;
        } catch (final SumoException e) {
            failed = true;
            if (!common.host().isClosed()) { // else SUMO did not end by itself
                LOG.log(Level.INFO, "{0}; each episode gets a new SUMO now", e.getMessage());
            }
            return e;
        }
    }

    /** Ends SUMO, whatever it does. */
    void close() {
        loaded = false;
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
