package greenwave.bench.jmh;

import greenwave.engine.env.StepBatch;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.Transport;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Guards the environment: one decision (5 simulated seconds) in every world, with random actions. With
 * {@code -prof gc}: over the wire, what is left is per episode.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class DecisionBenchmark {
    @Param({"cross", "grid4x4"})
    public String scenario;

    @Param({"1", "2"})
    public int worlds;

    @Param({"wire", "libtraci"})
    public String transport;

    private Scenario opened;
    private SumoVecEnv env;
    private int[][] actions;
    private final SplittableRandom random = new SplittableRandom(1);

    @Setup
    public void open() {
        opened = Scenarios.open(scenario);
        env =
                SumoVecEnv.builder(opened.sumo())
                        .worlds(worlds)
                        .transport(Transport.labelled(transport))
                        .open();
        actions = new int[env.spec().groups().size()][];
        for (int g = 0; g < actions.length; g++) {
            actions[g] = new int[env.spec().rows(g)];
        }
        env.reset(1);
    }

    @TearDown
    public void close() {
        env.close();
        opened.close();
    }

    @Benchmark
    public StepBatch decide() {
        for (int g = 0; g < actions.length; g++) {
            final int bound = env.spec().groups().get(g).actions();
            for (int row = 0; row < actions[g].length; row++) {
                actions[g][row] = random.nextInt(bound);
            }
        }
        return env.step(actions);
    }
}
