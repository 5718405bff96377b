package greenwave.sim;

import greenwave.engine.env.ImageSpec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What a cart looks like: Gymnasium's picture of 600 x 400, of which the middle 160 rows and 360 columns
 * around the cart count, made 40 x 90 by averaging squares of 16 pixels. An image is the difference of two
 * consecutive ones, per colour: 128 where nothing changed, more where it became brighter, by half of what it
 * did. The crop and the difference are those of the PyTorch DQN tutorial, but the crop follows the cart by fractions of a
 * pixel: by whole ones, the cart's trembling makes most of the difference. One thread.
 */
final class CartPoleScreen {
    /** Red, green and blue. */
    static final ImageSpec SIZE = new ImageSpec(3, 40, 90);

    private static final int SHRINK = 4;
    private static final int SCREEN = 600;
    private static final int VIEW = 360;
    private static final int TOP =
            240; // height of the first row that counts, pixels from the bottom
    private static final double PIXELS_PER_METRE = 125; // 600 for twice 2.4 m
    private static final double TRACK = 100;
    private static final double CART_HALF_WIDTH = 25;
    private static final double CART_HALF_HEIGHT = 15;
    private static final double AXLE = TRACK + 7.5;
    private static final double POLE_HALF_WIDTH = 5;
    private static final double POLE_LENGTH = 125;
    private static final int[] WHITE = {255, 255, 255};
    private static final int[] BLACK = {0, 0, 0};
    private static final int[] BROWN = {202, 152, 101};
    private static final int[] BLUE = {129, 132, 203};

    private final int plane = SIZE.height() * SIZE.width();
    private int[] now = new int[SIZE.size()];
    private int[] before = new int[SIZE.size()];

    /** Shows the first state of an episode: nothing has moved. */
    void begin(final double[] state) {
        draw(state, now);
        System.arraycopy(now, 0, before, 0, now.length);
    }

    /** Shows the next state. */
    void show(final double[] state) {
        final int[] older = before;
        before = now;
        now = older;
        draw(state, now);
    }

    /** Writes the difference, u8 [3, 40, 90]. */
    void paint(final MemorySegment out) {
        for (int i = 0; i < now.length; i++) {
            final int pixel = CartPole.UNCHANGED + (now[i] - before[i]) / 2;
            out.set(ValueLayout.JAVA_BYTE, i, (byte) pixel);
        }
    }

    private void draw(final double[] state, final int[] picture) {
        final double cart = state[0] * PIXELS_PER_METRE + SCREEN / 2.0;
        final double cos = Math.cos(state[2]);
        final double sin = Math.sin(state[2]);
        final double left = Math.clamp(cart - VIEW / 2.0, 0, SCREEN - VIEW);
        Arrays.fill(picture, 0);
        for (int row = 0; row < SIZE.height() * SHRINK; row++) {
            final double y = TOP - row - 0.5;
            for (int column = 0; column < VIEW; column++) {
                final int[] colour = colour(left + column + 0.5 - cart, y, sin, cos);
                final int place = row / SHRINK * SIZE.width() + column / SHRINK;
                picture[place] += colour[0];
                picture[plane + place] += colour[1];
                picture[2 * plane + place] += colour[2];
            }
        }
        for (int i = 0; i < picture.length; i++) {
            picture[i] /= SHRINK * SHRINK;
        }
    }

    /** {@return what is seen {@code x} to the right of the cart's middle, {@code y} above the bottom} */
    private static int[] colour(
            final double x, final double y, final double sin, final double cos) {
        final double up = y - AXLE;
        if (x * x + up * up <= POLE_HALF_WIDTH * POLE_HALF_WIDTH) {
            return BLUE;
        }
        final double along = x * sin + up * cos;
        final double across = x * cos - up * sin;
        if (Math.abs(across) <= POLE_HALF_WIDTH
                && along >= -POLE_HALF_WIDTH
                && along <= POLE_LENGTH - POLE_HALF_WIDTH) {
            return BROWN;
        }
        final boolean cart =
                Math.abs(x) <= CART_HALF_WIDTH && Math.abs(y - TRACK) <= CART_HALF_HEIGHT;
        return cart || Math.abs(y - TRACK) <= 0.5 ? BLACK : WHITE;
    }
}
