package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Batches go straight into host memory, and by way of a staging area into a device's. */
class ColumnTest {
    private static final AgentGroup GROUP = new AgentGroup("2x2", List.of("a"), 2, 2);

    /** A buffer that behaves as if it lay on a device. */
    private record DeviceBuffer(Buffer host) implements Buffer {
        static Buffer of(final Buffer host) {
            return host == null ? null : new DeviceBuffer(host);
        }

        @Override
        public DType dtype() {
            return host.dtype();
        }

        @Override
        public long length() {
            return host.length();
        }

        @Override
        public Buffer slice(final long offset, final long length) {
            return new DeviceBuffer(host.slice(offset, length));
        }

        @Override
        public void upload(
                final long offset,
                final MemorySegment source,
                final long sourceOffset,
                final long count) {
            host.upload(offset, source, sourceOffset, count);
        }

        @Override
        public void download(
                final long offset,
                final MemorySegment target,
                final long targetOffset,
                final long count) {
            host.download(offset, target, targetOffset, count);
        }

        @Override
        public MemorySegment segment() {
            throw new UnsupportedOperationException("on a device");
        }

        @Override
        public void close() {
            host.close();
        }
    }

    private static BatchBuffers onDevice(final BatchBuffers b) {
        return new BatchBuffers(
                b.size(),
                DeviceBuffer.of(b.obs()),
                DeviceBuffer.of(b.image()),
                DeviceBuffer.of(b.action()),
                DeviceBuffer.of(b.reward()),
                DeviceBuffer.of(b.discount()),
                DeviceBuffer.of(b.nextObs()),
                DeviceBuffer.of(b.nextImage()),
                DeviceBuffer.of(b.nextLegal()),
                DeviceBuffer.of(b.weight()));
    }

    @Test
    void aDeviceGetsTheSameBatchAsTheHost() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Batch batch = Batch.inputs(trace, 4, GROUP, true);
                    try (Plan one = Plan.builder(engine.backend(), trace).build();
                            Plan two = Plan.builder(engine.backend(), trace).build();
                            PrioritizedReplay replay =
                                    PrioritizedReplay.builder(engine, GROUP).capacity(9).build()) {
                        for (int i = 0; i < 9; i++) {
                            final MemorySegment obs = Segments.of(i, -i);
                            final MemorySegment legal = Segments.of(new byte[] {1, (byte) (i % 2)});
                            Transitions.add(replay, 0, obs, i % 2, i, 0.5f, obs, legal);
                        }
                        final BatchBuffers host = batch.buffers(one);
                        final BatchBuffers device = batch.buffers(two);
                        replay.sampler(host).sample(new RandomStream(1));
                        replay.sampler(onDevice(device)).sample(new RandomStream(1));
                        for (final var columns :
                                List.of(
                                        List.of(host.obs(), device.obs()),
                                        List.of(host.action(), device.action()),
                                        List.of(host.reward(), device.reward()),
                                        List.of(host.discount(), device.discount()),
                                        List.of(host.nextObs(), device.nextObs()),
                                        List.of(host.nextLegal(), device.nextLegal()),
                                        List.of(host.weight(), device.weight()))) {
                            assertArrayEquals(
                                    Segments.bytes(columns.get(0)), Segments.bytes(columns.get(1)));
                        }
                        assertSame(host.obs().segment(), Column.of(host.obs()).memory);
                    }
                });
    }

    @Test
    void columnsThatDoNotFitAreRefused() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final AgentGroup wide = new AgentGroup("3x2", List.of("a"), 3, 2);
                    final Batch batch = Batch.inputs(trace, 4, wide, false);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build();
                            Replay replay = UniformReplay.builder(engine, GROUP).build();
                            Replay prioritized = PrioritizedReplay.builder(engine, wide).build()) {
                        assertEquals(
                                "replay.sampler: obs=12 elements, expected 8",
                                refusal(replay, batch.buffers(plan)));
                        assertEquals(
                                "replay.sampler: weight=0 elements, expected 4",
                                refusal(prioritized, batch.buffers(plan)));
                    }
                });
    }

    private static String refusal(final Replay replay, final BatchBuffers batch) {
        return assertThrows(IllegalArgumentException.class, () -> replay.sampler(batch))
                .getMessage();
    }
}
