package greenwave.sim.oracle;

import static greenwave.sim.oracle.Fields.need;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.signal.Countdown;
import greenwave.sim.signal.CountdownController;

import java.util.ArrayList;
import java.util.List;

/**
 * Replays SUMO-Gym's state machine as it was meant: format {@code sumogym-designed-1}, one or more
 * headers with their rows in a file. No simulation is needed.
 */
final class SumoGymReplay implements Replay {
    private final Recording recording;
    private List<CountdownController> lights = List.of();
    private int seconds;

    SumoGymReplay(final Recording recording) {
        this.recording = recording;
    }

    @Override
    public void run(final Tally tally) {
        String name = begin(recording.header());
        for (final JsonNode row : recording.rows()) {
            if (row.has("format")) {
                name = begin(row);
            } else {
                tally.at(name + " k=" + need(row, "k"));
                compare(tally, row);
            }
        }
    }

    private String begin(final JsonNode header) {
        seconds = need(header, "sim_steps_per_env_step").asInt();
        final Countdown rule =
                new Countdown(seconds, need(header, "T").asInt(), need(header, "G").asInt(), false);
        lights = new ArrayList<>();
        need(header, "K")
                .forEach(_ -> lights.add(new CountdownController(rule, (_, green) -> green, 0)));
        return header.path("name").asText();
    }

    private void compare(final Tally tally, final JsonNode row) {
        compareMasks(tally, "mask_before", row);
        final JsonNode actions = need(row, "action");
        for (int light = 0; light < lights.size(); light++) {
            lights.get(light).decide(actions.path(light).asInt());
        }
        tally.numbers(
                "taken", need(row, "taken"), lights.size(), light -> lights.get(light).green());
        for (int second = 0; second < seconds; second++) {
            tally.texts(
                    "shown[" + second + ']',
                    need(row, "shown").path(second),
                    lights.stream().map(SumoGymReplay::shown).toList());
            lights.forEach(light -> light.elapse(1));
        }
        compareMasks(tally, "mask_after", row);
    }

    private void compareMasks(final Tally tally, final String name, final JsonNode row) {
        tally.numbers(name, need(row, name), lights.size(), light -> lights.get(light).mask());
    }

    private static String shown(final CountdownController light) {
        final int from = light.yellowFrom();
        return from < 0 ? "M" + light.green() : "T" + from + '>' + light.green();
    }
}
