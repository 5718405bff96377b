package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.env.WorldPosition;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The cart that balances a pole, as Gymnasium's {@code CartPole-v0} and {@code -v1}: same physics in
 * float64, same limits, a reward of 1 for every step, the one that ends the episode too. The observation is
 * the state as f32 {@code [x m, dx m/s, angle rad, dangle rad/s]}, or {@link CartPoleScreen images}. An
 * episode begins with four numbers drawn uniformly from [-0.05, 0.05); it is terminated when the cart is
 * more than 2.4 m from the middle or the pole more than 12 degrees from upright, and truncated after 200
 * (v0) or 500 (v1) steps. One thread.
 *
 * <p>Source: Barto, Sutton, Anderson 1983, with the equations of Florian 2007, by explicit Euler steps.
 */
public final class CartPole implements VecEnv {
    /** The pixel of an image where nothing has changed since the one before. */
    public static final int UNCHANGED = 128;

    private static final double GRAVITY = 9.8;
    private static final double POLE_MASS = 0.1;
    private static final double TOTAL_MASS = 1 + POLE_MASS;
    private static final double HALF_LENGTH = 0.5;
    private static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH;
    private static final double FORCE = 10;
    private static final double SECONDS = 0.02;
    private static final double MOST_METRES = 2.4;
    private static final double MOST_RADIANS = 12 * 2 * Math.PI / 360;
    private static final double START = 0.05;
    private static final int NUMBERS = 4;

    private final EnvSpec spec;
    private final int mostSteps;
    private final Arena arena = Arena.ofShared();
    private final GroupBatch batch;
    private final Cart[] carts;
    private boolean started;
    private boolean closed;

    /** One world. */
    private final class Cart {
        final int index;
        final double[] state = new double[NUMBERS];
        final CartPoleScreen screen; // null without images
        SplittableRandom random;
        int episode = -1;
        int steps;

        Cart(final int index) {
            this.index = index;
            this.screen = spec.groups().getFirst().image() == null ? null : new CartPoleScreen();
        }

        void begin() {
            episode++;
            steps = 0;
            for (int i = 0; i < NUMBERS; i++) {
                state[i] = random.nextDouble(-START, START);
            }
            if (screen != null) {
                screen.begin(state);
            }
            write(batch.obs(), batch.image());
        }

        void write(final MemorySegment obs, final MemorySegment image) {
            if (screen != null) {
                final long bytes = CartPoleScreen.SIZE.size();
                screen.paint(image.asSlice(index * bytes, bytes));
                return;
            }
            for (int i = 0; i < NUMBERS; i++) {
                final long place = (long) index * NUMBERS + i;
                obs.setAtIndex(ValueLayout.JAVA_FLOAT, place, (float) state[i]);
            }
        }
    }

    private CartPole(final int worlds, final int mostSteps, final boolean images) {
        final ImageSpec image = images ? CartPoleScreen.SIZE : null;
        final AgentGroup group =
                new AgentGroup(
                        images ? "pixels" : "4x2", List.of("cart"), images ? 0 : NUMBERS, 2, image);
        this.spec = new EnvSpec(worlds, List.of(group));
        this.mostSteps = mostSteps;
        this.batch = new GroupBatch(group, worlds, arena);
        this.carts = new Cart[worlds];
        for (int i = 0; i < worlds; i++) {
            carts[i] = new Cart(i);
        }
    }

    /** {@return {@code worlds} carts with episodes of at most 200 steps} */
    public static CartPole v0(final int worlds) {
        return new CartPole(worlds, 200, false);
    }

    /** {@return {@code worlds} carts with episodes of at most 500 steps} */
    public static CartPole v1(final int worlds) {
        return new CartPole(worlds, 500, false);
    }

    /** {@return {@code worlds} carts that are seen as images, with episodes of at most 500 steps} */
    public static CartPole pixels(final int worlds) {
        return new CartPole(worlds, 500, true);
    }

    /**
     * Lets 0.02 s pass.
     *
     * @param state x, dx, angle, dangle; overwritten
     * @param right whether the cart is pushed to the right
     */
    static void advance(final double[] state, final boolean right) {
        final double cos = Math.cos(state[2]);
        final double sin = Math.sin(state[2]);
        final double push = right ? FORCE : -FORCE;
        final double temp = (push + POLE_MOMENT * (state[3] * state[3]) * sin) / TOTAL_MASS;
        final double angular =
                (GRAVITY * sin - cos * temp)
                        / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
        final double linear = temp - POLE_MOMENT * angular * cos / TOTAL_MASS;
        state[0] += SECONDS * state[1];
        state[1] += SECONDS * linear;
        state[2] += SECONDS * state[3];
        state[3] += SECONDS * angular;
    }

    /** {@return whether the pole counts as fallen or the cart as lost} */
    static boolean isOver(final double[] state) {
        return state[0] < -MOST_METRES
                || state[0] > MOST_METRES
                || state[2] < -MOST_RADIANS
                || state[2] > MOST_RADIANS;
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public StepBatch reset(final long seed) {
        requireOpen("reset");
        final SplittableRandom seeds = new SplittableRandom(seed);
        started = true;
        for (final Cart cart : carts) {
            cart.random = seeds.split();
            cart.episode = -1;
            cart.begin();
        }
        clearOutcomes();
        return new StepBatch(List.of(batch), List.of());
    }

    @Override
    public StepBatch resume(final long seed, final List<WorldPosition> worlds) {
        spec.check(worlds);
        reset(seed);
        for (final Cart cart : carts) {
            final WorldPosition position = worlds.get(cart.index);
            while (cart.episode < position.episode()) {
                cart.begin();
            }
            for (final int action : position.actions()) {
                step(cart, action == 1);
            }
        }
        clearOutcomes();
        return new StepBatch(List.of(batch), List.of());
    }

    private void clearOutcomes() {
        batch.reward().fill((byte) 0);
        batch.terminated().fill((byte) 0);
        batch.truncated().fill((byte) 0);
    }

    @Override
    public StepBatch step(final int[][] actions) {
        requireOpen("step");
        if (!started) {
            throw new IllegalStateException("CartPole.step: before reset, expected after");
        }
        check(actions);
        List<EpisodeEnd> ended = List.of();
        for (final Cart cart : carts) {
            if (step(cart, actions[0][cart.index] == 1)) {
                ended = ended.isEmpty() ? new ArrayList<>() : ended;
                ended.add(
                        new EpisodeEnd(
                                cart.index,
                                cart.episode,
                                cart.episode,
                                cart.steps,
                                cart.steps,
                                Map.of("steps", (double) cart.steps)));
                cart.begin();
            }
        }
        return new StepBatch(List.of(batch), ended);
    }

    private boolean step(final Cart cart, final boolean right) {
        advance(cart.state, right);
        cart.steps++;
        if (cart.screen != null) {
            cart.screen.show(cart.state);
        }
        final boolean terminated = isOver(cart.state);
        final boolean truncated = cart.steps >= mostSteps;
        batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, cart.index, 1);
        batch.terminated().set(ValueLayout.JAVA_BYTE, cart.index, (byte) (terminated ? 1 : 0));
        batch.truncated().set(ValueLayout.JAVA_BYTE, cart.index, (byte) (truncated ? 1 : 0));
        final boolean ended = terminated || truncated;
        if (ended) {
            cart.write(batch.finalObs(), batch.finalImage());
        } else {
            cart.write(batch.obs(), batch.image());
        }
        return ended;
    }

    private void check(final int[][] actions) {
        if (actions.length != 1 || actions[0].length != carts.length) {
            throw new IllegalArgumentException(
                    "CartPole.step: groups of actions=%d, actions=%d, expected 1, %d"
                            .formatted(
                                    actions.length,
                                    actions.length == 0 ? 0 : actions[0].length,
                                    carts.length));
        }
        for (int world = 0; world < carts.length; world++) {
            if (actions[0][world] < 0 || actions[0][world] > 1) {
                throw new IllegalArgumentException(
                        "CartPole.step: world=%d, action=%d, expected 0 or 1"
                                .formatted(world, actions[0][world]));
            }
        }
    }

    private void requireOpen(final String operation) {
        if (closed) {
            throw new IllegalStateException("CartPole." + operation + ": closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
