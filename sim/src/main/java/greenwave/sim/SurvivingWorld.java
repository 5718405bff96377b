package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.WorldPosition;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A world whose SUMO may crash, hang or be killed: another takes its place. SUMO is started on the world's
 * thread only, since it is killed when the thread that started it ends; {@link #begin}, {@link #advance} and
 * {@link #complete} of a decision that went well may run on any thread, one at a time. What it does then:
 *
 * <ol>
 *   <li>It waits {@value #FIRST_PAUSE_MILLIS} ms, four times as long before each further restart: what
 *       ended SUMO may pass, such as a lack of memory.
 *   <li>By {@link OnCrash#REPLAY} the episode is played again from its seed and actions up to where
 *       it was. SUMO is deterministic; a checksum of all observations and rewards shows it. Where it is
 *       not, that is an error, not another result.
 *   <li>By {@link OnCrash#TRUNCATE} the episode ends. An action whose outcome went down with SUMO is
 *       marked as lost.
 *   <li>Restarts are counted until an episode ends whole. When they are used up, the failure is passed
 *       on.
 *   <li>A SUMO that refuses its input is not tried again before one has taken it: the user has made a
 *       mistake. Later it counts as a crash, which may have passed when the file is read again; but one
 *       that ends by itself with the same words as the one before it would do so for ever.
 * </ol>
 */
final class SurvivingWorld {
    private static final Logger LOG = System.getLogger(SurvivingWorld.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /**
     * What is done about losses.
     *
     * @param restarts of one world until it has ended an episode whole, not negative
     * @param onCrash what becomes of the episode
     */
    record Policy(int restarts, OnCrash onCrash) {
        boolean replays() {
            return restarts > 0 && onCrash == OnCrash.REPLAY;
        }
    }

    private final World.Common common;
    private final int index;
    private final Policy policy;
    private final Optional<OnceListener> listener;
    private final World world;
    private final EpisodeLog log;
    private int episode;
    private int seed;
    private int losses; // in this episode
    private int restarts; // since an episode has ended whole
    private volatile long recovered; // written by the world's thread alone
    private boolean proven; // a SUMO has taken the input
    private boolean cut; // this episode is over
    private SumoException loss; // what became of SUMO in this decision, or null
    private String lastWords = ""; // of the SUMO before, in this episode
    private boolean diverged; // it has not come out the same again

    /** As {@link World#World}. */
    SurvivingWorld(
            final World.Common common,
            final int index,
            final int port,
            final Optional<WorldListener> listener) {
        this.common = common;
        this.index = index;
        this.policy = common.survival();
        this.listener = listener.map(OnceListener::new);
        this.world = new World(common, index, port, this.listener.map(once -> once));
        this.log = new EpisodeLog(common.layout().groups(), common.batches(), index);
    }

    int index() {
        return index;
    }

    /** {@return the number of the present episode} */
    int episode() {
        return episode;
    }

    World world() {
        return world;
    }

    /** {@return how often SUMO was lost and another took its place} */
    long recovered() {
        return recovered;
    }

    /** As {@link World#start}. */
    void start(final int newEpisode, final int newSeed) {
        episode = newEpisode;
        seed = newSeed;
        losses = 0;
        diverged = false;
        lastWords = "";
        survive(this::startWorld, () -> {});
        proven = true;
        if (policy.replays()) {
            log.begin();
        }
    }

    private Void startWorld() {
        world.start(episode, seed);
        return null;
    }

    /** Carries out the decisions of {@code taken}, as in a {@link WorldPosition}; none of them is the episode's last. */
    void resume(final int[] taken) {
        final List<AgentGroup> groups = common.layout().groups();
        final int[][] actions = new int[groups.size()][];
        for (int at = 0; at < taken.length; ) {
            for (int g = 0; g < actions.length; g++) {
                final int agents = groups.get(g).agents().size();
                actions[g] = new int[(index + 1) * agents]; // rows of other worlds are not read
                System.arraycopy(taken, at, actions[g], index * agents, agents);
                at += agents;
            }
            decide(actions);
        }
    }

    /** As {@link World#decide}. */
    boolean decide(final int[][] actions) {
        begin(actions);
        advance(true);
        return complete(actions);
    }

    /** As {@link World#begin}. */
    void begin(final int[][] actions) {
        loss = null;
        if (policy.onCrash == OnCrash.TRUNCATE) {
            markLost(false);
        }
        try {
            world.begin(actions);
        } catch (final SumoException e) {
            loss = e;
        }
    }

    /**
     * As {@link World#advance}.
     *
     * @return whether the decision is carried out, or SUMO was lost
     */
    boolean advance(final boolean wait) {
        try {
            return loss != null || world.advance(wait);
        } catch (final SumoException e) {
            loss = e;
            return true;
        }
    }

    /** {@return whether {@link #complete} has more to do than to take note} It belongs on the world's thread then. */
    boolean isEventful() {
        return loss != null || world.isOver();
    }

    /**
     * Ends the decision of {@link #begin}, making good what was lost.
     *
     * @return whether that was the episode's last
     */
    boolean complete(final int[][] actions) {
        final SumoException failure = loss;
        loss = null;
        if (policy.onCrash == OnCrash.TRUNCATE) {
            if (failure != null) {
                prepareRestart(failure);
                markLost(true);
                cut = true;
            }
            return cut || world.isOver();
        }
        final boolean last =
                failure == null
                        ? world.isOver()
                        : recover(failure, () -> world.decide(actions), this::replay);
        if (policy.replays()) {
            log.add(actions);
        }
        return last;
    }

    /**
     * As {@link World#finish}.
     *
     * @param nextSeed as there
     */
    EpisodeEnd finish(final int nextSeed) {
        if (cut) {
            cut = false;
            return world.cutOff(losses);
        }
        final EpisodeEnd end;
        if (policy.onCrash == OnCrash.TRUNCATE) {
            try {
                end = world.finish(losses, nextSeed);
            } catch (final SumoException e) {
                prepareRestart(e);
                return world.cutOff(losses);
            }
        } else {
            end = survive(() -> world.finish(losses, nextSeed), this::replay);
        }
        restarts = 0;
        return end;
    }

    /**
     * Carries out {@code task}; if SUMO is lost, brings the world back by {@code past} and tries again.
     */
    private <T> T survive(final Supplier<T> task, final Runnable past) {
        try {
            return task.get();
        } catch (final SumoException e) {
            return recover(e, task, past);
        }
    }

    private <T> T recover(final SumoException first, final Supplier<T> task, final Runnable past) {
        SumoException failure = first;
        while (true) {
            prepareRestart(failure);
            try {
                past.run();
                return task.get();
            } catch (final SumoException e) {
                failure = e;
            }
        }
    }

    /** Returns if another SUMO may be started now, else throws what there is to say. */
    private void prepareRestart(final SumoException failure) {
        world.close();
        final boolean refused = !failure.isLost();
        if (diverged || refused && (!proven || failure.getMessage().equals(lastWords))) {
            throw failure;
        }
        lastWords = failure.getMessage();
        if (restarts == policy.restarts) {
            throw restarts == 0 ? failure : givenUp(failure);
        }
        try {
            Thread.sleep(
                    Math.min(
                            LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << 2 * Math.min(restarts, 9)));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
        if (common.host().isClosed()) {
            throw failure; // SUMO did not end by itself
        }
        restarts++;
        losses++;
        recovered = recovered + 1;
        LOG.log(
                Level.WARNING,
                "{0}; restart {1} of {2}",
                failure.getMessage(),
                restarts,
                policy.restarts);
    }

    private SumoException givenUp(final SumoException failure) {
        return new SumoException(
                "%s; given up after restarts=%d (episode %d, seed %d)"
                        .formatted(failure.getMessage(), restarts, episode, seed),
                failure);
    }

    /** Plays the episode again up to the last decision in the log. */
    private void replay() {
        listener.ifPresent(once -> once.mute(true));
        try {
            world.start(episode, seed);
            requireSame(0);
            for (int decision = 0; decision < log.size(); decision++) {
                world.decide(log.actions(decision));
                requireSame(decision + 1);
            }
        } finally {
            listener.ifPresent(once -> once.mute(false));
        }
    }

    private void requireSame(final int decisions) {
        if (!log.isSame(decisions)) {
            diverged = true;
            throw new SumoException(
                    "sumo: world=%d, episode=%d, seed=%d: played again after a crash, decision %d of %d came out different, expected the same from the same seed and actions; on-crash=truncate does without"
                            .formatted(index, episode, seed, decisions, log.size()));
        }
    }

    /** The last decision of this world has no outcome, and the episode ends with it; or it has one. */
    private void markLost(final boolean lost) {
        final List<AgentGroup> groups = common.layout().groups();
        final byte flag = (byte) (lost ? 1 : 0);
        for (int group = 0; group < groups.size(); group++) {
            final GroupBatch batch = common.batches().get(group);
            final int agents = groups.get(group).agents().size();
            final long first = (long) index * agents;
            batch.lost().asSlice(first, agents).fill(flag);
            if (lost) {
                batch.truncated().asSlice(first, agents).fill(flag);
                batch.reward()
                        .asSlice(first * Float.BYTES, (long) agents * Float.BYTES)
                        .fill((byte) 0);
            }
        }
    }

    /** Ends SUMO, whatever it does. */
    void close() {
        world.close();
    }
}
