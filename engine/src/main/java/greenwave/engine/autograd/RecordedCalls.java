package greenwave.engine.autograd;

import greenwave.kernels.Backend;
import greenwave.kernels.Recorder;
import greenwave.kernels.Recording;

/**
 * Kernel calls that are the same at each run. Where the backend records they are recorded at the second run, for the first
 * prepares what a recording can't, and later runs queue the recording. Running allocates nothing from the third run on.
 */
public final class RecordedCalls implements AutoCloseable {
    private final Recorder recorder; // null where calls compute at once
    private final Runnable calls;
    private boolean prepared;
    private Recording recording; // null until the second run

    /** Makes one of {@code calls}, which queue the same on the same buffers each time. */
    public RecordedCalls(final Backend backend, final Runnable calls) {
        this.recorder = backend.recorder().orElse(null);
        this.calls = calls;
    }

    /** Queues them. */
    public void run() {
        if (recorder == null || !prepared) {
            calls.run();
            prepared = true;
            return;
        }
        if (recording == null) {
            recording = recorder.record(calls);
        }
        recording.replay();
    }

    /** Frees the recording; later calls do nothing. */
    @Override
    public void close() {
        if (recording != null) {
            recording.close();
        }
    }
}
