package greenwave.bench.jmh;

import greenwave.sim.wire.RecordedAnswers;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Guards the decoding of what SUMO answers at one decision, from recorded bytes. Run with {@code -prof gc}: 0 B/op. */
public class DecodeBenchmark extends HotPathBenchmark {
    private RecordedAnswers answers;

    @Setup
    public void open() {
        answers = new RecordedAnswers();
    }

    @Benchmark
    public double decode() {
        return answers.decode();
    }
}
