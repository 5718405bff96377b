package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.sim.libtraci.SumoHost;
import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.Traci;
import greenwave.sim.libtraci.TraciLibrary;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.SignalController;
import greenwave.sim.signal.SignalReadings;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One world: a SUMO process after another, one per episode. All methods run on its owner thread; it
 * writes its own rows of the batch and no others.
 */
final class World {
    /** What all worlds of an environment share. */
    record Common(
            SumoConfig config,
            SignalLayout layout,
            boolean fixedTime,
            SumoHost host,
            SumoInstallation sumo,
            TraciLibrary library,
            List<GroupBatch> batches) {}

    private final Common common;
    private final int index;
    private final int port;
    private Path folder;
    private Traci traci;
    private SumoSession session;
    private LaneReader reader;
    private final List<Head> heads = new ArrayList<>();
    private int episode;
    private int seed;
    private int decisions;
    private double totalReward;

    /** A signal in the present episode. */
    private record Head(
            SignalLayout.Agent agent,
            SignalController controller,
            Reward reward,
            SignalReadings readings) {}

    World(final Common common, final int index, final int port) {
        this.common = common;
        this.index = index;
        this.port = port;
    }

    /** Makes the world's folder and loads its own copy of libtraci. */
    void open() throws IOException {
        folder = Files.createDirectory(common.host.folder().resolve("world-" + index));
        traci = common.library.open(folder);
        if (!common.fixedTime) {
            Files.writeString(programs(), common.layout.programs());
        }
    }

    private Path programs() {
        return folder.resolve("programs.add.xml");
    }

    private Path trips() {
        return folder.resolve("tripinfo.xml");
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
        close();
        episode = newEpisode;
        seed = newSeed;
        decisions = 0;
        totalReward = 0;
        session =
                SumoSession.start(
                        index,
                        traci,
                        common.host,
                        common.sumo,
                        SumoOptions.of(
                                common.config, common.fixedTime ? null : programs(), trips(), seed),
                        port,
                        folder,
                        common.config.begin());
        reader = new LaneReader(session, common.layout);
        heads.clear();
        for (final SignalLayout.Agent agent : common.layout.agents()) {
            heads.add(head(agent));
            if (!common.fixedTime) {
                session.setPhase(agent.signal().id(), agent.program().phase(0, 0));
            }
        }
        reader.read();
        heads.forEach(this::writeObservation);
    }

    private Head head(final SignalLayout.Agent agent) {
        final SignalController controller =
                new SignalController(agent.signal(), agent.program(), common.layout.timing());
        return new Head(
                agent,
                controller,
                common.layout.reward().get(),
                new SignalReadings(
                        agent.signal(),
                        controller,
                        reader.table(),
                        !common.layout.outgoing().isEmpty()));
    }

    /**
     * Carries out one decision and writes its rows.
     *
     * @param actions by group, then row of the batch
     * @return whether that was the episode's last
     */
    boolean decide(final int[][] actions) {
        final int seconds = common.layout.timing().deltaTime();
        if (!common.fixedTime) {
            for (final Head head : heads) {
                final SignalLayout.Agent agent = head.agent;
                final int phase = head.controller.decide(actions[agent.group()][row(agent)]);
                if (phase != SignalController.KEEP) {
                    session.setPhase(agent.signal().id(), phase);
                }
            }
        }
        decisions++;
        session.step(common.config.begin() + (double) decisions * seconds);
        reader.read();
        final boolean last = session.time() >= common.config.end();
        for (final Head head : heads) {
            if (!common.fixedTime) {
                head.controller.elapse(seconds);
            }
            final double reward = head.reward.of(head.readings);
            totalReward += reward;
            writeObservation(head);
            writeOutcome(head, reward, last);
        }
        return last;
    }

    /** Ends the episode whose last decision has been taken; its observation becomes the final one. */
    EpisodeEnd finish() {
        for (final Head head : heads) {
            final GroupBatch batch = common.batches.get(head.agent.group());
            final long bytes = observationSize(head.agent) * Float.BYTES;
            final long from = row(head.agent) * bytes;
            batch.finalObs().asSlice(from, bytes).copyFrom(batch.obs().asSlice(from, bytes));
        }
        final double end = session.time(); // may lie past the window: decisions are not split
        session.finish();
        session = null;
        final TripMetrics trips = TripInfo.read(trips(), common.config.begin(), end);
        return new EpisodeEnd(index, episode, seed, decisions, totalReward, trips.byName());
    }

    int index() {
        return index;
    }

    /** Ends SUMO, whatever it does. */
    void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private int row(final SignalLayout.Agent agent) {
        return index * common.layout.groups().get(agent.group()).agents().size() + agent.place();
    }

    private long observationSize(final SignalLayout.Agent agent) {
        return common.layout.groups().get(agent.group()).obsSize();
    }

    private void writeObservation(final Head head) {
        common.layout
                .observation()
                .write(
                        head.readings,
                        common.batches.get(head.agent.group()).obs(),
                        row(head.agent) * observationSize(head.agent));
    }

    private void writeOutcome(final Head head, final double reward, final boolean last) {
        final GroupBatch batch = common.batches.get(head.agent.group());
        final int row = row(head.agent);
        batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, row, (float) reward);
        batch.truncated().set(ValueLayout.JAVA_BYTE, row, (byte) (last ? 1 : 0));
    }
}
