package greenwave.sim.net;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SUMO's notation of time: seconds, {@code H:M:S} or {@code D:H:M:S}. */
final class SumoTime {
    private static final Pattern CLOCK =
            Pattern.compile("(-?)(?:(\\d+):)?(\\d+):(\\d+):(\\d+(?:\\.\\d+)?)");

    private SumoTime() {}

    /**
     * {@return seconds}
     *
     * @throws NumberFormatException if {@code text} is neither form
     */
    static double seconds(final String text) {
        final Matcher clock = CLOCK.matcher(text.strip());
        if (!clock.matches()) {
            return Double.parseDouble(text);
        }
        final double days = clock.group(2) == null ? 0 : Double.parseDouble(clock.group(2));
        final double hours = 24 * days + Double.parseDouble(clock.group(3));
        final double minutes = 60 * hours + Double.parseDouble(clock.group(4));
        final double seconds = 60 * minutes + Double.parseDouble(clock.group(5));
        return clock.group(1).isEmpty() ? seconds : -seconds;
    }
}
