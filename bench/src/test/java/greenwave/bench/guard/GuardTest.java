package greenwave.bench.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import greenwave.bench.Quartiles;
import greenwave.sim.wire.RecordedAnswers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The guard is fed with regressions planted on purpose. */
class GuardTest {
    private static final HotPath PATH = HotPath.DECODE;
    private static final Machine HERE = new Machine("avx2", "amd-25-1");

    @TempDir Path folder;

    private static Meter.Reading measured(final Plant plant, final long expectedBytes) {
        final Runnable work = Floors.multiplyAdds();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final Duel duel =
                new Duel(
                        work,
                        Floors.multiplyAdds(),
                        1,
                        Clock.thread(),
                        work,
                        threads::getCurrentThreadAllocatedBytes,
                        () -> {});
        return new Meter(plant.in(duel), 0.5, 60).measure(expectedBytes);
    }

    private static Baseline recorded(
            final double ratio, final double noise, final Machine machine) {
        return new Baseline(
                machine.isa(),
                machine.cpu(),
                "25",
                Map.of(PATH.label(), new Baseline.Entry(ratio, noise, 0)));
    }

    private static Finding judged(final Meter.Reading reading) {
        final Baseline.Match match = Baseline.choose(List.of(recorded(1, 0.05, HERE)), HERE);
        return Finding.of(PATH, reading, match, 1);
    }

    @Test
    void whatIsAsItWasPasses() {
        final Meter.Reading reading = measured(Plant.NOTHING, 0);
        assertTrue(judged(reading).passes(), () -> judged(reading).line());
    }

    @Test
    void halfAsMuchWorkAgainIsFound() {
        final Meter.Reading reading = measured(Plant.SLOWDOWN, 0);
        assertTrue(judged(reading).isSlower(), () -> judged(reading).line());
        assertFalse(judged(reading).isAllocating(), () -> judged(reading).line());
    }

    @Test
    void aPlantedAllocationIsFoundToTheByte() {
        final Meter.Reading reading = measured(Plant.ALLOCATION, 0);
        assertEquals(64, reading.bytesPerOp());
        assertTrue(judged(reading).isAllocating());
    }

    @Test
    void theCommandFindsWhatIsPlantedInARealPath() {
        assertEquals(0, run("--record=1"));
        assertEquals(0, run(), "as it was");
        assertEquals(1, run("--plant=SLOWDOWN"));
    }

    private int run(final String... options) {
        final CommandLine command = new CommandLine(new GuardCommand());
        command.setOut(new PrintWriter(new StringWriter(), true));
        final List<String> all =
                List.of("--quick", "--path=" + PATH.label(), "--baselines=" + folder);
        return command.execute(
                Stream.concat(all.stream(), Arrays.stream(options)).toArray(String[]::new));
    }

    @Test
    void aRatioMayBeWorseByItsNoiseAndFifteenPercent() {
        final Baseline.Match match = Baseline.choose(List.of(recorded(2, 0.1, HERE)), HERE);
        assertEquals(2.5, match.limit(PATH), 1e-12);
        assertTrue(match.note().isEmpty());
    }

    @Test
    void aRelativeIsComparedWithAWiderMarginAndAStrangerByAllocationAlone() {
        final List<Baseline> all = List.of(recorded(2, 0.1, HERE));
        final Baseline.Match relative = Baseline.choose(all, new Machine("avx2", "intel-6-85"));
        assertEquals(4.2, relative.limit(PATH), 1e-12);
        assertTrue(relative.note().orElseThrow().contains("no baseline of intel-6-85"));
        final Baseline.Match stranger = Baseline.choose(all, new Machine("avx512", "intel-6-85"));
        assertEquals(Double.POSITIVE_INFINITY, stranger.limit(PATH));
        assertEquals(0, stranger.bytes(PATH));
        assertTrue(stranger.note().orElseThrow().contains("guard --record"));
    }

    @Test
    void aProcessorIsNamedByVendorFamilyAndModel() {
        final String info =
                "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: x: y\n";
        assertEquals("amd-25-1", Machine.cpu(info));
    }

    @Test
    void theBetterOfTwoAttemptsCounts() {
        final Finding slow = judged(new Meter.Reading(new Quartiles(1, 2, 3), 5, 64));
        final Finding fine = judged(new Meter.Reading(new Quartiles(1, 1, 1), 4, 0));
        assertFalse(slow.passes());
        assertTrue(slow.orBetter(fine).passes());
    }

    @Test
    void everyGuardedPathIsOnRecord() throws Exception {
        final Baseline.Match match = Baseline.find(Path.of("baselines"), HERE);
        for (final HotPath path : HotPath.values()) {
            assertTrue(match.limit(path) < Double.POSITIVE_INFINITY, path.label());
            assertEquals(0, match.bytes(path), path.label());
        }
    }

    @Test
    void theRecordingHoldsADecisionsVehicles() {
        final RecordedAnswers answers = new RecordedAnswers();
        final double sum = answers.decode();
        assertTrue(answers.vehicles() > 5, "vehicles=" + answers.vehicles());
        assertTrue(Double.isFinite(sum) && sum != 0, "sum=" + sum);
        assertEquals(sum, answers.decode());
    }
}
