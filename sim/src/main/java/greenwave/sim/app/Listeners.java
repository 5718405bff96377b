package greenwave.sim.app;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.WorldListener;
import greenwave.sim.WorldView;
import greenwave.sim.signal.Reading;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Several that follow one world, told in order. */
record Listeners(List<WorldListener> all) implements WorldListener {
    @Override
    public Set<Reading> readings() {
        final Set<Reading> readings = EnumSet.noneOf(Reading.class);
        all.forEach(listener -> readings.addAll(listener.readings()));
        return readings;
    }

    @Override
    public void onStart(final WorldView now) {
        all.forEach(listener -> listener.onStart(now));
    }

    @Override
    public void onDecision(final WorldView now) {
        all.forEach(listener -> listener.onDecision(now));
    }

    @Override
    public void onEnd(final EpisodeEnd end) {
        all.forEach(listener -> listener.onEnd(end));
    }
}
