package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.sim.libtraci.SumoHost;
import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciClient;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalController;
import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.Switching;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One world: an episode after another on the SUMO that {@link WorldSumo} has for each. It writes its own rows of the batch
 * and no others. One thread at a time: which, {@link SurvivingWorld} says.
 */
final class World {
    /** What all worlds of an environment share. */
    record Common(
            SumoConfig config,
            SignalLayout layout,
            boolean fixedTime,
            boolean asynchronous,
            Optional<Demand> demand,
            SumoHost host,
            SumoInstallation sumo,
            TraciClient.Choice transport,
            List<GroupBatch> batches,
            SurvivingWorld.Policy survival,
            ExactLoad load) {
        Switching switching() {
            return layout.semantics().switching();
        }
    }

    private final Common common;
    private final int index;
    private final Optional<WorldListener> listener;
    private final WorldSumo sumo;
    private SumoSession session; // of the present episode, or null
    private final WorldReader reader;
    private Head[] heads = {};
    private int episode;
    private int seed;
    private int decisions;
    private double totalReward;

    /** A signal in the present episode. */
    private record Head(
            SignalLayout.Agent agent,
            SignalController controller,
            Reward reward,
            SignalReadings readings,
            Observation.Eye eye,
            Optional<ImageObservation.Painter> painter) {}

    World(
            final Common common,
            final int index,
            final int port,
            final Optional<WorldListener> listener) {
        this.common = common;
        this.index = index;
        this.listener = listener;
        this.sumo = new WorldSumo(common, index, port);
        this.reader = new WorldReader(common.layout);
    }

    /** Makes the world's folder and its client. */
    void open() throws IOException {
        sumo.open();
    }

    /** {@return how the world talks to SUMO; after its first start never {@link Transport#AUTO}} */
    Transport transport() {
        return sumo.transport();
    }

    /** {@return name and version of the simulator of the present episode} */
    String simulator() {
        return session.simulator();
    }

    /**
     * Ends the present episode, if any, starts another and writes its first observation. Rewards and
     * flags stay: in a batched step they are still those of the ended episode.
     */
    void start(final int newEpisode, final int newSeed) {
        episode = newEpisode;
        seed = newSeed;
        decisions = 0;
        totalReward = 0;
        session = null;
        session = sumo.start(episode, seed);
        reader.start(session);
        heads = common.layout.agents().stream().map(this::head).toArray(Head[]::new);
        for (int signal = 0; !common.fixedTime && signal < heads.length; signal++) {
            final SignalLayout.Agent agent = heads[signal].agent;
            final int first = agent.signal().first();
            session.setPhase(signal, agent.program().phase(first, first));
        }
        reader.read();
        for (final Head head : heads) {
            if (!head.agent.isPassive()) {
                writeObservation(head);
            }
        }
        listener.ifPresent(l -> l.onStart(view(List.of())));
    }

    private WorldView view(final List<Double> rewards) {
        return new WorldView(
                index,
                episode,
                session.time(),
                Arrays.stream(heads).map(Head::readings).toList(),
                rewards,
                reader.system());
    }

    private Head head(final SignalLayout.Agent agent) {
        final SignalController controller =
                common.switching().controller(agent.signal(), agent.program());
        final SignalReadings readings =
                new SignalReadings(
                        agent.signal(),
                        controller,
                        reader.table(),
                        common.layout.reads(Reading.OUTGOING));
        return new Head(
                agent,
                controller,
                common.layout.semantics().reward().get(),
                readings,
                common.layout.semantics().observation().eye(readings),
                common.layout.semantics().image().map(image -> image.painter(readings)));
    }

    /**
     * Carries out one decision and writes its rows.
     *
     * @param actions by group, then row of the batch
     * @return whether that was the episode's last
     */
    boolean decide(final int[][] actions) {
        begin(actions);
        advance(true);
        return isOver();
    }

    /** Has SUMO begin what {@link #decide} does. */
    void begin(final int[][] actions) {
        decisions++;
        final int seconds = common.switching().deltaTime();
        for (int signal = 0; !common.fixedTime && signal < heads.length; signal++) {
            final Head head = heads[signal];
            final SignalLayout.Agent agent = head.agent;
            final int action =
                    agent.isPassive() ? SumoVecEnv.NONE : actions[agent.group()][row(agent)];
            final int phase =
                    action == SumoVecEnv.NONE || !isDue(head)
                            ? SignalController.KEEP
                            : head.controller.decide(action);
            if (phase != SignalController.KEEP) {
                session.setPhase(signal, phase);
            }
        }
        reader.sendStep(common.config.begin() + (double) decisions * seconds);
    }

    /**
     * Goes on with the decision that has begun as far as SUMO has answered.
     *
     * @param wait whether to wait for its answers
     * @return whether the decision is carried out and its rows are written
     */
    boolean advance(final boolean wait) {
        if (!reader.advance(wait)) {
            return false;
        }
        final int seconds = common.switching().deltaTime();
        final boolean last = isOver();
        final List<Double> rewards = listener.isPresent() ? new ArrayList<>() : List.of();
        for (final Head head : heads) {
            if (!common.fixedTime) {
                head.controller.elapse(seconds);
            }
            final double reward = head.reward.of(head.readings);
            totalReward += reward;
            if (listener.isPresent()) {
                rewards.add(reward);
            }
            if (!head.agent.isPassive()) {
                writeObservation(head);
                writeOutcome(head, reward, last);
            }
        }
        if (listener.isPresent()) { // a lambda would be made for each decision
            listener.get().onDecision(view(rewards));
        }
        return true;
    }

    /** {@return whether the window has ended} */
    boolean isOver() {
        return session.time() >= common.config.end();
    }

    /** {@return whether SUMO's next answer takes no simulation} */
    boolean isAtHand() {
        return reader.isAtHand();
    }

    /** Whether somebody waits for SUMO. */
    void await(final boolean now) {
        if (session != null) {
            session.await(now);
        }
    }

    /** {@return what to wait on for SUMO; empty where that can't be done} */
    Optional<SelectableChannel> channel() {
        return session == null ? Optional.empty() : session.channel();
    }

    /**
     * Ends the episode whose last decision has been taken; its observation becomes the final one.
     *
     * @param recovered how often the world was lost in it
     * @param nextSeed of the episode that {@link #start} will begin
     */
    EpisodeEnd finish(final int recovered, final int nextSeed) {
        keepFinalRows();
        final TripMetrics metrics = sumo.finish(nextSeed);
        session = null;
        return ended(metrics.byName(), recovered);
    }

    /**
     * Ends the episode although SUMO was lost in it: what was observed last becomes the final
     * observation. How its vehicles fared, nobody knows.
     *
     * @param recovered as in {@link #finish}
     */
    EpisodeEnd cutOff(final int recovered) {
        keepFinalRows();
        close();
        return ended(TripMetrics.unknown(), recovered);
    }

    private EpisodeEnd ended(final Map<String, Double> metrics, final int recovered) {
        final EpisodeEnd ended =
                new EpisodeEnd(index, episode, seed, decisions, totalReward, metrics, recovered);
        listener.ifPresent(l -> l.onEnd(ended));
        return ended;
    }

    private void keepFinalRows() {
        for (final Head head : heads) {
            if (head.agent.isPassive()) {
                continue;
            }
            final GroupBatch batch = common.batches.get(head.agent.group());
            final long bytes = observationSize(head.agent) * Float.BYTES;
            final long from = row(head.agent) * bytes;
            batch.finalObs().asSlice(from, bytes).copyFrom(batch.obs().asSlice(from, bytes));
            if (head.painter.isPresent()) {
                imageOf(head.agent, batch.finalImage())
                        .copyFrom(imageOf(head.agent, batch.image()));
            }
            final int actions = head.agent.signal().greens().size();
            final long mask = (long) row(head.agent) * actions;
            batch.finalLegal()
                    .asSlice(mask, actions)
                    .copyFrom(batch.legal().asSlice(mask, actions));
            batch.finalDue()
                    .set(
                            ValueLayout.JAVA_BYTE,
                            row(head.agent),
                            batch.due().get(ValueLayout.JAVA_BYTE, row(head.agent)));
        }
    }

    /** Ends SUMO, whatever it does. */
    void close() {
        session = null;
        sumo.close();
    }

    private int row(final SignalLayout.Agent agent) {
        return index * common.layout.groups().get(agent.group()).agents().size() + agent.place();
    }

    private long observationSize(final SignalLayout.Agent agent) {
        return common.layout.groups().get(agent.group()).obsSize();
    }

    private MemorySegment imageOf(final SignalLayout.Agent agent, final MemorySegment images) {
        final long bytes = common.layout.groups().get(agent.group()).imageSize();
        return images.asSlice(row(agent) * bytes, bytes);
    }

    private boolean isDue(final Head head) {
        return !common.asynchronous || head.controller.mayChange();
    }

    private void writeObservation(final Head head) {
        final GroupBatch batch = common.batches.get(head.agent.group());
        final int row = row(head.agent);
        batch.due().set(ValueLayout.JAVA_BYTE, row, (byte) (isDue(head) ? 1 : 0));
        head.eye.write(batch.obs(), row * observationSize(head.agent));
        if (head.painter.isPresent()) {
            head.painter.get().paint(imageOf(head.agent, batch.image()));
        }
        final Signal signal = head.agent.signal();
        final int actions = signal.greens().size();
        for (int action = 0; action < actions; action++) {
            final boolean legal = signal.legal(action) && head.controller.mayChoose(action);
            batch.legal()
                    .set(
                            ValueLayout.JAVA_BYTE,
                            (long) row * actions + action,
                            (byte) (legal ? 1 : 0));
        }
    }

    private void writeOutcome(final Head head, final double reward, final boolean last) {
        final GroupBatch batch = common.batches.get(head.agent.group());
        final int row = row(head.agent);
        batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) reward);
        batch.truncated().set(ValueLayout.JAVA_BYTE, row, (byte) (last ? 1 : 0));
    }
}
