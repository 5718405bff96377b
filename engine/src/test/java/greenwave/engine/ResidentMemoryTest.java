package greenwave.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Policy;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Engines come and go without a trace: what they hold outside the heap is counted here and by the operating system. */
@EnabledOnOs(OS.LINUX) // where /proc tells
class ResidentMemoryTest {
    private static final AgentGroup GROUP = new AgentGroup("16x4", List.of("agent"), 16, 4);
    private static final int WARM_UP = 200; // the heap and the compiler grow at first
    private static final int CYCLES = 1_000;

    /** An engine holds some 380 KB here: if a fifteenth of that stayed behind each time, it would be more than this. */
    private static final long MOST_GROWTH = 16 << 20;

    private static final int TRANSITIONS = 64;

    /** {@return the bytes that an engine held with all that training takes, which was used and closed} */
    private static long cycle(final String backend) {
        final Engine engine = Engine.open(EngineConfig.builder().backend(backend).seed(1).build());
        final long held;
        try (engine) {
            final QNet net =
                    QNet.builder(engine).input(16).linear(128).relu().linear(64).actions(4).build();
            final Replay replay = UniformReplay.builder(engine, GROUP).capacity(100).build();
            final MemorySegment obs = Segments.of(new float[16]);
            final MemorySegment legal = Segments.of(new byte[] {1, 1, 1, 1});
            int observed = replay.observe(0, obs, null);
            for (int i = 0; i < TRANSITIONS; i++) {
                final int next = replay.observe(0, obs, null);
                replay.add(observed, i % 4, 1, 0.9f, next, 0, legal, 0);
                observed = next;
            }
            final Learner learner = Learner.builder(net, replay).batch(32).build();
            learner.update();
            Policy.of(net).act(obs, new int[1]);
            held = engine.allocatedBytes();
        }
        assertEquals(0, engine.allocatedBytes(), "bytes after close");
        return held;
    }

    private static long residentBytes() throws IOException {
        System.gc(); // what the heap could give back is no leak
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            final String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    @Test
    void aThousandEnginesLeaveResidentMemoryFlat() throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            cycle("cpu");
        }
        final long before = residentBytes();
        long held = 0;
        long least = Long.MAX_VALUE; // late in the run: the heap breathes, a leak only grows
        for (int i = 1; i <= CYCLES; i++) {
            held += cycle("cpu");
            if (i > CYCLES * 3 / 4 && i % 50 == 0) {
                least = Math.min(least, residentBytes());
            }
        }
        final long growth = least - before;
        assertTrue(held > 20 * MOST_GROWTH, "held=" + held); // a leak would show
        assertTrue(growth < MOST_GROWTH, "growth=" + growth + " bytes");
    }
}
