package greenwave.sim.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Greens over time as an inline SVG picture: a row per signal, a colour per green.
 *
 * @param signals stretches in order of time, by signal; at least one signal
 */
record PhaseTimeline(Map<String, List<PhaseLog.Stretch>> signals) {
    private static final int WIDTH = 760;
    private static final int LEFT = 90;
    private static final int RIGHT = 12;
    private static final int ROW = 18;
    private static final int BAR = 13;
    private static final int FOOT = 22;
    private static final int HUES = 360;
    private static final double GOLDEN =
            137.508; // degrees: neighbours differ, however many there are
    private static final double TICK = 600; // s

    /** {@return the {@code <svg>} element} */
    String toSvg() {
        final double begin =
                signals.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(PhaseLog.Stretch::begin)
                        .min()
                        .orElse(0);
        final double end =
                signals.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(PhaseLog.Stretch::end)
                        .max()
                        .orElse(begin + 1);
        final double scale = (WIDTH - LEFT - RIGHT) / (end - begin);
        final int height = ROW * signals.size() + FOOT;
        final StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\">".formatted(WIDTH, height));
        int top = 0;
        for (final Map.Entry<String, List<PhaseLog.Stretch>> signal : signals.entrySet()) {
            svg.append("<text x=\"0\" y=\"%d\">".formatted(top + BAR - 2))
                    .append(Html.escaped(signal.getKey()))
                    .append("</text>");
            for (final PhaseLog.Stretch stretch : signal.getValue()) {
                svg.append(
                        String.format(
                                Locale.ROOT,
                                "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"hsl(%.0f 55%% 50%%)\">"
                                        + "<title>green %d, %.0f to %.0f s</title></rect>",
                                LEFT + (stretch.begin() - begin) * scale,
                                top,
                                (stretch.end() - stretch.begin()) * scale,
                                BAR,
                                stretch.green() * GOLDEN % HUES,
                                stretch.green(),
                                stretch.begin(),
                                stretch.end()));
            }
            top += ROW;
        }
        for (double tick = begin; tick <= end; tick += TICK) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%.0f s</text>",
                            LEFT + (tick - begin) * scale,
                            height - 6,
                            tick));
        }
        return svg.append("</svg>\n").toString();
    }
}
