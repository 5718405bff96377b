package greenwave.sim.app;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.WorldListener;
import greenwave.sim.WorldView;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.SignalReadings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which green each signal showed when, in the first episode of the world that it listens to. */
final class PhaseLog implements WorldListener {
    /**
     * A stretch of time with one green, its yellow before included.
     *
     * @param green index of the green
     * @param begin simulated second
     * @param end simulated second
     */
    record Stretch(int green, double begin, double end) {}

    private final Map<String, List<Stretch>> signals = new LinkedHashMap<>();
    private double last;
    private boolean ended;

    /** {@return stretches in order of time, by signal} Another thread may ask once the episode has ended. */
    Map<String, List<Stretch>> signals() {
        return signals;
    }

    @Override
    public Set<Reading> readings() {
        return Set.of();
    }

    @Override
    public void onStart(final WorldView now) {
        if (!ended) {
            last = now.time();
            now.signals().forEach(s -> signals.put(s.signal().id(), new ArrayList<>()));
        }
    }

    @Override
    public void onDecision(final WorldView now) {
        if (ended) {
            return;
        }
        for (final SignalReadings signal : now.signals()) {
            final List<Stretch> stretches = signals.get(signal.signal().id());
            final int green = signal.controller().green();
            if (!stretches.isEmpty() && stretches.getLast().green == green) {
                final Stretch before = stretches.removeLast();
                stretches.add(new Stretch(green, before.begin, now.time()));
            } else {
                stretches.add(new Stretch(green, last, now.time()));
            }
        }
        last = now.time();
    }

    @Override
    public void onEnd(final EpisodeEnd end) {
        ended = true;
    }
}
