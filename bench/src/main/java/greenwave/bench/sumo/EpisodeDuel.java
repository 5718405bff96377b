package greenwave.bench.sumo;

import greenwave.bench.TempFolder;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.Transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The first half hour of {@code cross} with random actions over the wire, beside SUMO alone on the same traffic and with the
 * same malloc: each from the start of SUMO to its end.
 */
public final class EpisodeDuel implements AutoCloseable {
    private static final int DECISIONS = 360;

    private final TempFolder folder;
    private final Scenario scenario;
    private final Ours ours;
    private final RawSumo raw;

    /** Plays the window once, to note what SUMO alone is to show. */
    public EpisodeDuel() {
        try {
            folder = TempFolder.open("guard");
            scenario = Scenarios.open("cross");
            final Path path = folder.path();
            final int step = SignalTiming.DEFAULT.deltaTime();
            final SumoConfig window = SumoCommand.until(scenario.sumo(), DECISIONS * step);
            ours =
                    new Ours(
                            SumoCommand.until(scenario.sumo(), (DECISIONS + 1) * step),
                            Transport.WIRE,
                            1,
                            DECISIONS);
            final String sumo = System.getProperty("greenwave.sumo", "sumo");
            final Rehearsal rehearsal = new Rehearsal(window, 0, DECISIONS, path);
            raw = new RawSumo(sumo, List.of(rehearsal), RawSumo.Way.OUR_ENVIRONMENT, path);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays it over the wire. */
    public void ours() {
        ours.run();
    }

    /** Lets SUMO alone play it. */
    public void raw() {
        try {
            raw.run();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        scenario.close();
        folder.close();
    }
}
