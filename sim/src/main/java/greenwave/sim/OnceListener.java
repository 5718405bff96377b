package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.signal.Reading;

import java.util.Set;

/** Passes on what happens in a world, but not what happens again because an episode is replayed. */
final class OnceListener implements WorldListener {
    private final WorldListener listener;
    private boolean muted;

    OnceListener(final WorldListener listener) {
        this.listener = listener;
    }

    /** From now on nothing is passed on, or everything. */
    void mute(final boolean quiet) {
        muted = quiet;
    }

    @Override
    public Set<Reading> readings() {
        return listener.readings();
    }

    @Override
    public void onStart(final WorldView now) {
        if (!muted) {
            listener.onStart(now);
        }
    }

    @Override
    public void onDecision(final WorldView now) {
        if (!muted) {
            listener.onDecision(now);
        }
    }

    @Override
    public void onEnd(final EpisodeEnd end) {
        listener.onEnd(end);
    }
}
