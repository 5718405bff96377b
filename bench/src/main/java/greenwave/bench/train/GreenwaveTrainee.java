package greenwave.bench.train;

import greenwave.bench.Dialogue;
import greenwave.bench.JsonFile;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNet;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoVecEnv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The process that trains on our side; answers what the peer's {@code train.py} answers. The training loop is
 * {@link Trainer}'s: between two decisions it is asked whether to stop, and waits there while nothing is to be trained.
 */
public final class GreenwaveTrainee {
    private final BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final Map<String, QNet> nets = new LinkedHashMap<>();
    private final List<Learner> learners = new ArrayList<>();
    private final int worlds;
    private long wanted; // episodes
    private long ended;
    private long decisions;
    private long updates;
    private long begin; // of the request that is worked on; 0 if none is

    private GreenwaveTrainee(final int worlds) {
        this.worlds = worlds;
    }

    /**
     * Serves until its input ends.
     *
     * @param args a file with the {@link Course}
     */
    public static void main(final String[] args) throws IOException {
        final Course course = JsonFile.read(Path.of(args[0]), Course.class);
        final Settings settings = course.settings();
        try (Scenario scenario = Scenarios.open(course.scenario());
                Engine engine = Engine.open(EngineConfig.builder().seed(settings.seed()).build());
                SumoVecEnv env =
                        Course.environment(scenario.sumo())
                                .worlds(course.worlds())
                                .episodeSeed(course::seed)
                                .open()) {
            final GreenwaveTrainee trainee = new GreenwaveTrainee(course.worlds());
            final List<AgentGroup> groups = env.spec().groups();
            for (final AgentGroup group : groups) {
                final QNet net = settings.net(engine, group);
                trainee.nets.put(Course.prefix(group, groups.size() == 1), net);
                trainee.learners.add(settings.learner(engine, group, net));
            }
            System.out.println(Dialogue.ANSWER + engine.describe());
            settings.apply(Trainer.of(env, trainee.learners.toArray(Learner[]::new)))
                    .onEpisode(_ -> trainee.ended++)
                    .stopIf(trainee::isOver)
                    .run(StopWhen.episodes(Long.MAX_VALUE));
        }
    }

    /** Asked before each decision. */
    private boolean isOver() {
        if (begin != 0) {
            decisions += worlds;
            if (ended < wanted) {
                return false;
            }
            final double seconds = (System.nanoTime() - begin) / 1e9;
            final long now = learners.getFirst().updates();
            answer(seconds + " " + decisions + " " + (now - updates));
        }
        try {
            return !awaitTraining();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(final String text) {
        System.out.println(Dialogue.ANSWER + text);
    }

    /** {@return whether there is more to train; other requests are served} */
    private boolean awaitTraining() throws IOException {
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            final String[] request = line.split(" ", 2);
            if (request[0].equals("train")) {
                wanted = ended + Long.parseLong(request[1]);
                decisions = 0;
                updates = learners.getFirst().updates();
                begin = System.nanoTime();
                return true;
            }
            NetFile.save(Path.of(request[1]), Map.of(), nets);
            answer("saved");
        }
        return false;
    }
}
