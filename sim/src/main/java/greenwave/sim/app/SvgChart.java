package greenwave.sim.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Curves over one axis as an inline SVG picture; colours and fonts come from the page's style. */
final class SvgChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int BOTTOM = 34;
    private static final int TOP = 24;
    private static final int RIGHT = 12;
    private static final int TICKS = 5;
    private static final int LEGEND = 190;

    /**
     * A curve.
     *
     * @param name for the legend
     * @param style class of the page's style: {@code faint}, {@code strong} or {@code other}
     * @param x rising
     * @param y as long as {@code x}; a gap where not finite
     * @param dots whether points are marked
     */
    private record Curve(String name, String style, double[] x, double[] y, boolean dots) {}

    private final String title;
    private final String xTitle;
    private final List<Curve> curves = new ArrayList<>();

    SvgChart(final String title, final String xTitle) {
        this.title = title;
        this.xTitle = xTitle;
    }

    /** Adds a line; see {@link Curve}. */
    SvgChart line(final String name, final String style, final double[] x, final double[] y) {
        curves.add(new Curve(name, style, x, y, false));
        return this;
    }

    /** Adds a line with its points marked, unless it has none. */
    SvgChart dots(final String name, final String style, final double[] x, final double[] y) {
        if (x.length > 0) {
            curves.add(new Curve(name, style, x, y, true));
        }
        return this;
    }

    /** {@return the {@code <svg>} element} */
    String toSvg() {
        final Scale across =
                Scale.of(curves.stream().flatMapToDouble(c -> DoubleStream.of(c.x)), false);
        final Scale up = Scale.of(curves.stream().flatMapToDouble(c -> DoubleStream.of(c.y)), true);
        final StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                Html.escaped(title));
        add(svg, "<text class=\"title\" x=\"%d\" y=\"15\">%s</text>", LEFT, Html.escaped(title));
        for (double tick = up.first(); tick <= up.most + up.step / 1e6; tick += up.step) {
            final double y = y(up, tick);
            add(svg, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, WIDTH - RIGHT);
            add(
                    svg,
                    "<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
                    LEFT - 6,
                    y + 4,
                    up.label(tick));
        }
        for (double tick = across.first();
                tick <= across.most + across.step / 1e6;
                tick += across.step) {
            add(
                    svg,
                    "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
                    x(across, tick),
                    HEIGHT - BOTTOM + 15,
                    across.label(tick));
        }
        add(
                svg,
                "<text class=\"end\" x=\"%d\" y=\"%d\">%s</text>",
                WIDTH - RIGHT,
                HEIGHT - 4,
                Html.escaped(xTitle));
        for (int i = 0; i < curves.size(); i++) {
            draw(curves.get(i), across, up, svg);
            add(
                    svg,
                    "<text class=\"end %s\" x=\"%d\" y=\"15\">%s</text>",
                    curves.get(i).style,
                    WIDTH - RIGHT - LEGEND * (curves.size() - 1 - i),
                    Html.escaped(curves.get(i).name));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(
            final Curve curve, final Scale across, final Scale up, final StringBuilder svg) {
        final StringBuilder path = new StringBuilder();
        final StringBuilder dots = new StringBuilder();
        boolean down = false;
        for (int i = 0; i < curve.x.length; i++) {
            final boolean shown = Double.isFinite(curve.y[i]);
            if (shown) {
                final double x = x(across, curve.x[i]);
                final double y = y(up, curve.y[i]);
                add(path, "%s%.1f %.1f", down ? "L" : "M", x, y);
                if (curve.dots) {
                    add(
                            dots,
                            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                            curve.style,
                            x,
                            y);
                }
            }
            down = shown;
        }
        add(svg, "<path class=\"curve %s\" d=\"%s\"/>", curve.style, path);
        svg.append(dots);
    }

    private static double x(final Scale scale, final double value) {
        return LEFT + scale.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(final Scale scale, final double value) {
        return HEIGHT - BOTTOM - scale.share(value) * (HEIGHT - BOTTOM - TOP);
    }

    private static void add(final StringBuilder to, final String format, final Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }

    /** The values of an axis; steps are 1, 2 or 5 times a power of ten. */
    private record Scale(double least, double most, double step) {
        static Scale of(final DoubleStream values, final boolean roomy) {
            final double[] finite = values.filter(Double::isFinite).sorted().toArray();
            double least = finite.length == 0 ? 0 : finite[0];
            double most = finite.length == 0 ? 1 : finite[finite.length - 1];
            if (roomy && least > 0 && least < most / 2) {
                least = 0;
            }
            if (most - least <= Math.abs(most) * 1e-9) {
                least -= 1;
                most += 1;
            }
            final double raw = (most - least) / TICKS;
            final double power = Math.pow(10, Math.floor(Math.log10(raw)));
            final double step =
                    power
                            * (raw / power <= 1
                                    ? 1
                                    : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
            return new Scale(least, most, step);
        }

        double first() {
            return Math.ceil(least / step - 1e-6) * step;
        }

        double share(final double value) {
            return (value - least) / (most - least);
        }

        String label(final double tick) {
            final int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
            return String.format(
                    Locale.ROOT, "%." + digits + "f", Math.abs(tick) < step / 2 ? 0 : tick);
        }
    }
}
