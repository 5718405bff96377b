package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.nn.AvgPool2d;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Flatten;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.Module;
import greenwave.engine.nn.Pair;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;

import java.util.ArrayList;
import java.util.List;

/** The networks with images that a configuration describes, with fresh weights. */
final class Networks {
    private static final int KERNEL = 3;
    private static final int POOL = 2;

    private Networks() {}

    /**
     * {@return a network that sees an image and numbers} The image passes a convolution of 3 by 3, ReLU and a mean
     * over 2 by 2 for each of {@code channels}, windows shrinking to what is left of a small image. The numbers
     * pass the {@code hidden} layers but the last, which stands behind both.
     */
    static QNetwork ofBoth(
            final Engine engine,
            final ImageSpec image,
            final List<Integer> channels,
            final int obsSize,
            final List<Integer> hidden,
            final HeadConfig head,
            final int actions) {
        return head.apply(TwoInputQNet.builder(engine))
                .image(
                        image.channels(),
                        image.height(),
                        image.width(),
                        convolutions(image, channels))
                .vector(obsSize, layers(obsSize, hidden.subList(0, hidden.size() - 1)))
                .hidden(hidden.getLast())
                .actions(actions);
    }

    private static Module[] convolutions(final ImageSpec image, final List<Integer> channels) {
        final List<Module> layers = new ArrayList<>();
        int in = image.channels();
        int height = image.height();
        int width = image.width();
        for (final int out : channels) {
            final Pair kernel = new Pair(Math.min(KERNEL, height), Math.min(KERNEL, width));
            layers.add(new Conv2d(in, out, kernel, Pair.of(1), Pair.of(0), Pair.of(1), 1));
            layers.add(new ReLU());
            height -= kernel.height() - 1;
            width -= kernel.width() - 1;
            final Pair pool = new Pair(Math.min(POOL, height), Math.min(POOL, width));
            layers.add(new AvgPool2d(pool, pool, Pair.of(0)));
            height /= pool.height();
            width /= pool.width();
            in = out;
        }
        return layers.toArray(Module[]::new);
    }

    private static Module[] layers(final int inputs, final List<Integer> hidden) {
        final List<Module> layers = new ArrayList<>();
        int in = inputs;
        for (final int out : hidden) {
            layers.add(new Linear(in, out));
            layers.add(new ReLU());
            in = out;
        }
        return layers.isEmpty()
                ? new Module[] {new Flatten()} // as they are
                : layers.toArray(Module[]::new);
    }
}
