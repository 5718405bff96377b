package greenwave.sim.oracle;

import static greenwave.sim.oracle.Fields.need;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays what SUMO-Gym's code did: format {@code sumogym-ascoded-1}. An action names a whole state of a
 * light, yellow and all red among them; a change must follow the order of colours at every link and is
 * granted only after a delay. No simulation is needed.
 */
final class SumoGymAsCodedReplay implements Replay {
    private final Recording recording;

    /** One light: what it shows, and minus the steps for which it can't be changed. */
    private static final class Light {
        final List<String> states;
        int shown;
        int mask;

        Light(final List<String> states, final String shown, final int mask) {
            this.states = states;
            this.shown = states.indexOf(shown);
            this.mask = mask;
        }

        void step(final int action, final int delay) {
            final boolean granted =
                    mask == 0
                            && action != shown
                            && action >= 0
                            && action < states.size()
                            && follows(states.get(shown), states.get(action));
            shown = granted ? action : shown;
            mask = granted ? -delay : Math.min(0, mask + 1);
        }
    }

    SumoGymAsCodedReplay(final Recording recording) {
        this.recording = recording;
    }

    @Override
    public void run(final Tally tally) {
        final JsonNode header = recording.header();
        final int delay = 2 * need(header, "MIN_DELAY").asInt();
        final Map<String, Light> lights = new LinkedHashMap<>();
        need(header, "states")
                .properties()
                .forEach(
                        light ->
                                lights.put(
                                        light.getKey(),
                                        new Light(
                                                Fields.texts(light.getValue()),
                                                need(header, "initial_curr_states")
                                                        .path(light.getKey())
                                                        .asText(),
                                                -delay)));
        tally.at("header");
        final List<Light> all = new ArrayList<>(lights.values());
        compareMasks(tally, "mask_after_reset", header, all);
        lights.forEach((id, light) -> compareNeighbours(tally, header, id, light.states));
        for (final JsonNode row : recording.rows()) {
            tally.at("k=" + need(row, "k"));
            compareMasks(tally, "mask_before", row, all);
            final JsonNode actions = need(row, "action");
            for (int i = 0; i < all.size(); i++) {
                all.get(i).step(actions.path(i).asInt(), delay);
            }
            tally.numbers("taken", need(row, "taken"), all.size(), i -> all.get(i).shown);
            compareMasks(tally, "mask_after", row, all);
            lights.forEach(
                    (id, light) ->
                            tally.same(
                                    "state " + id,
                                    row.path("state").path(id).asText(),
                                    light.states.get(light.shown)));
        }
    }

    private static void compareMasks(
            final Tally tally, final String name, final JsonNode row, final List<Light> lights) {
        tally.numbers(name, need(row, name), lights.size(), i -> lights.get(i).mask);
    }

    private static void compareNeighbours(
            final Tally tally, final JsonNode header, final String id, final List<String> states) {
        for (final String state : states) {
            tally.texts(
                    "neighbours " + id + ' ' + state,
                    header.path("neighbours").path(id + ':' + state),
                    states.stream().filter(next -> follows(state, next)).sorted().toList());
        }
    }

    /** {@return whether every link goes on as colours do: green, yellow, red, green} */
    private static boolean follows(final String state, final String next) {
        for (int link = 0; link < state.length(); link++) {
            final String allowed =
                    switch (state.charAt(link)) {
                        case 'G', 'g' -> "Ggy";
                        case 'y' -> "yr";
                        default -> "rGg";
                    };
            if (allowed.indexOf(next.charAt(link)) < 0) {
                return false;
            }
        }
        return true;
    }
}
