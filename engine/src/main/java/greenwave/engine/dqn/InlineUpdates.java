package greenwave.engine.dqn;

import java.io.IOException;
import java.util.List;

/** Updates on the training thread, at once. */
final class InlineUpdates extends Updates {
    InlineUpdates(final List<Actor> actors, final LossMeter losses, final double perDecision) {
        super(actors, losses, perDecision);
    }

    @Override
    void begin(final int count, final double progress) {
        tell(progress);
        for (int i = 0; i < count; i++) {
            one();
        }
    }

    @Override
    void catchUpTo(final long underWay) {}

    @Override
    void undisturbed(final Work work) throws IOException {
        work.run();
    }

    @Override
    public void close() {}
}
