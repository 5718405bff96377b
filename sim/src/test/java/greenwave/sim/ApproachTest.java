package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.signal.ApproachObservation;
import greenwave.sim.signal.Reward;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * The observation {@code approach} and the reward {@code time-loss} are what SUMO's Python client saw in the same run, computed
 * there from their definition by {@code make_approach.py}: across a widening and a merge, not across a signal.
 */
class ApproachTest {
    private static final Path SOURCE = Path.of("src/test/resources/approach");

    private final JsonNode expected = read();
    private final JsonNode decisions = expected.get("decisions");
    private int numbers; // compared that are not 0

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(SOURCE.resolve("expected.json").toFile());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SumoConfig scenario() {
        return new SumoConfig(
                "approach",
                SOURCE.resolve("approach.net.xml").toAbsolutePath(),
                List.of(SOURCE.resolve("approach.rou.xml").toAbsolutePath()),
                List.of(),
                0,
                expected.get("end").asDouble(),
                List.of());
    }

    @Test
    void everyNumberIsThatOfAnotherClient() {
        try (SumoVecEnv env =
                SumoVecEnv.builder(scenario())
                        .observation(new ApproachObservation())
                        .reward(Reward.named("time-loss"))
                        .episodeSeed((_, _) -> expected.get("seed").asInt())
                        .open()) {
            final List<AgentGroup> groups = env.spec().groups();
            env.reset(1);
            for (int k = 0; k < decisions.size(); k++) {
                final JsonNode decision = decisions.get(k);
                final StepBatch seen =
                        env.step(
                                groups.stream()
                                        .map(group -> actions(group, decision))
                                        .toArray(int[][]::new));
                for (int g = 0; g < groups.size(); g++) {
                    check(k, groups.get(g), seen.groups().get(g));
                }
            }
        }
        assertTrue(numbers > 1500, "numbers: " + numbers);
    }

    private static int[] actions(final AgentGroup group, final JsonNode decision) {
        return group.agents().stream()
                .mapToInt(signal -> decision.get(signal).get("action").asInt())
                .toArray();
    }

    private void check(final int k, final AgentGroup group, final GroupBatch seen) {
        final MemorySegment obs = k + 1 == decisions.size() ? seen.finalObs() : seen.obs();
        for (int row = 0; row < group.agents().size(); row++) {
            final String signal = group.agents().get(row);
            final String where = "decision %d at %s".formatted(k, signal);
            final JsonNode other = decisions.get(k).get(signal);
            assertEquals(
                    other.get("reward").asDouble(),
                    seen.reward().getAtIndex(ValueLayout.JAVA_FLOAT, row),
                    1e-6,
                    where);
            assertEquals(other.get("obs").size(), group.obsSize(), where);
            for (int i = 0; i < group.obsSize(); i++) {
                final long place = (long) row * group.obsSize() + i;
                final double number = other.get("obs").get(i).asDouble();
                assertEquals(
                        number,
                        obs.getAtIndex(ValueLayout.JAVA_FLOAT, place),
                        1e-6,
                        where + ", number " + i);
                numbers += number == 0 ? 0 : 1;
            }
        }
    }
}
