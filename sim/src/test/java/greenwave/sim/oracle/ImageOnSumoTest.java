package greenwave.sim.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;
import greenwave.engine.replay.UniformReplay;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.LaneGrid;
import greenwave.sim.signal.WorldGrid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Images of simulated vehicles are those of the recorded ones. */
class ImageOnSumoTest {
    private static final Path ORACLE = Path.of("src/test/resources/oracle").toAbsolutePath();

    @TempDir Path folder;

    private final Recording played =
            Recording.read(ORACLE.resolve("recordings/cross2-random.jsonl.gz"));
    private final Map<Integer, JsonNode> images = new HashMap<>();

    private SumoConfig config(final double end) {
        return SumoCommand.of(played.header().get("sumo_cmd"))
                .config(ORACLE, end, new SignalLog(folder).additional());
    }

    private interface Check {
        int of(MemorySegment image, JsonNode expected);
    }

    private int play(final ImageObservation image, final Check check) {
        Recording.read(ORACLE.resolve("image/cross2.jsonl.gz"))
                .rows()
                .forEach(row -> images.put(row.get("k").asInt(), row));
        int pixels = 0;
        try (SumoVecEnv env =
                SumoVecEnv.builder(config(played.rows().getLast().get("t").asDouble()))
                        .image(image)
                        .episodeSeed((_, _) -> 42)
                        .open()) {
            env.reset(1);
            for (int k = 1; k < played.rows().size(); k++) {
                final GroupBatch batch =
                        env.step(new int[][] {{played.rows().get(k).get("a").asInt()}})
                                .groups()
                                .getFirst();
                final boolean last = k + 1 == played.rows().size();
                if (images.containsKey(k)) {
                    pixels += check.of(last ? batch.finalImage() : batch.image(), images.get(k));
                }
            }
        }
        return pixels;
    }

    private static int pixel(final MemorySegment image, final long place) {
        return image.get(ValueLayout.JAVA_BYTE, place) & 0xff;
    }

    private static int bright(final MemorySegment image, final long from, final long to) {
        int number = 0;
        for (long place = from; place < to; place++) {
            number += pixel(image, place) == 255 ? 1 : 0;
        }
        return number;
    }

    @Test
    void lanesBeforeTheStopLine() {
        final int plane = 8 * 30;
        final int pixels =
                play(
                        new LaneGrid(),
                        (image, row) -> {
                            final JsonNode expected = row.get("dtse").get("C");
                            assertEquals(2L * plane, image.byteSize());
                            assertEquals(expected.size(), bright(image, 0, plane));
                            for (final JsonNode cell : expected) {
                                final int place = cell.get(0).asInt() * 30 + cell.get(1).asInt();
                                assertEquals(255, pixel(image, place));
                                assertEquals(
                                        255 * cell.get(2).asDouble(),
                                        pixel(image, plane + place),
                                        0.501);
                            }
                            return expected.size();
                        });
        assertTrue(pixels > 400, "pixels: " + pixels);
    }

    @Test
    void theWholeNetwork() {
        final int pixels =
                play(
                        new WorldGrid(),
                        (image, row) -> {
                            final JsonNode expected = row.get("world");
                            assertEquals(80L * 80, image.byteSize());
                            assertEquals(expected.size(), bright(image, 0, 80 * 80));
                            for (final JsonNode at : expected) {
                                final int place = at.get(0).asInt() * 80 + at.get(1).asInt();
                                assertEquals(255, pixel(image, place));
                            }
                            return expected.size();
                        });
        assertTrue(pixels > 400, "pixels: " + pixels);
    }

    @Test
    void aNetworkOfTwoInputsTrainsOnThem() {
        try (Engine engine = Engine.open(EngineConfig.builder().seed(3).build());
                SumoVecEnv env = SumoVecEnv.builder(config(100)).image(new LaneGrid()).open()) {
            final AgentGroup group = env.spec().onlyGroup();
            assertEquals("19x2+2x8x30", group.name());
            final TwoInputQNet net =
                    TwoInputQNet.builder(engine)
                            .image(2, 8, 30, new Conv2d(2, 8, 3, 1), new ReLU())
                            .vector(group.obsSize(), new Linear(group.obsSize(), 16), new ReLU())
                            .hidden(32)
                            .actions(group.actions());
            final UniformReplay replay =
                    UniformReplay.builder(engine, group).capacity(1000).build();
            try (Learner learner = Learner.builder(net, replay).batch(16).build()) {
                final TrainReport report = Trainer.of(env, learner).run(StopWhen.episodes(3));
                assertEquals(60, report.envSteps());
                assertTrue(report.updates() > 30, report.toString());
            }
        }
    }
}
