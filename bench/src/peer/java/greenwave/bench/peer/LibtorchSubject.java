package greenwave.bench.peer;

import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.smooth_l1_loss;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * libtorch's C++ API called from Java, written as its users tune it: no mask gathers, gradients dropped rather than
 * cleared, no gradient mode around what needs none. Acting leaves the actions in libtorch.
 */
final class LibtorchSubject implements Subject {
    private static final int MOST_ROWS = 64;
    private static final long MEAN = 1; // at::Reduction::Mean
    private static final double BETA = 1;
    private static final long[] LAST_DIM = {1};

    private final PeerNet net;
    private final LibtorchNet online;
    private final LibtorchNet target;
    private final Tensor[] weights;
    private final Tensor[] targetWeights;
    private final AdamW optimizer;
    private final Scalar tau = new Scalar(0.005f);
    private final ScalarOptional low = new ScalarOptional(new Scalar(-100f));
    private final ScalarOptional high = new ScalarOptional(new Scalar(100f));
    private final LongOptional lastDim = new LongOptional(1);
    private final Tensor[] actingObs; // by rows
    private Tensor obs;
    private Tensor action;
    private Tensor reward;
    private Tensor discount;
    private Tensor nextObs;

    LibtorchSubject(final PeerNet net) {
        set_num_threads(1);
        this.net = net;
        this.online = new LibtorchNet(net);
        this.target = new LibtorchNet(net);
        target.eval();
        this.weights = online.weights();
        this.targetWeights = target.weights();
        final AdamWOptions options = new AdamWOptions(1e-4);
        options.amsgrad().put(true);
        this.optimizer = new AdamW(online.parameters(), options);
        final float[] seen = TransitionBatch.of(net, MOST_ROWS, 0).obs();
        this.actingObs =
                IntStream.rangeClosed(0, MOST_ROWS)
                        .mapToObj(rows -> rows == 0 ? null : rows(seen, rows))
                        .toArray(Tensor[]::new);
    }

    private Tensor rows(final float[] values, final int rows) {
        return Tensor.create(
                Arrays.copyOf(values, rows * net.obsSize()), new long[] {rows, net.obsSize()});
    }

    @Override
    public String describe() {
        try {
            return "org.bytedeco:pytorch:%s, 1 thread"
                    .formatted(Loader.getVersion("org.bytedeco", "pytorch"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void load(final TransitionBatch batch) {
        final long rows = batch.size();
        final long[] obsShape = {rows, net.obsSize()};
        final long[] actions = Arrays.stream(batch.action()).asLongStream().toArray();
        obs = Tensor.create(batch.obs(), obsShape);
        action = Tensor.create(actions, rows, 1); // libtorch gathers by i64 only
        reward = Tensor.create(batch.reward());
        discount = Tensor.create(batch.discount());
        nextObs = Tensor.create(batch.nextObs(), obsShape);
    }

    @Override
    public void trainStep() {
        try (PointerScope _ = new PointerScope()) { // frees what the step makes
            step();
        }
    }

    @Override
    public float trainStepLoss() {
        try (PointerScope _ = new PointerScope()) {
            return step().item_float();
        }
    }

    private Tensor step() {
        final Tensor goal = goal();
        final Tensor chosen = online.forward(obs).gather(1, action);
        final Tensor loss = smooth_l1_loss(chosen, goal, MEAN, BETA);
        optimizer.zero_grad(true);
        loss.backward();
        try (NoGradGuard _ = new NoGradGuard()) {
            for (final Tensor weight : weights) {
                weight.grad().clamp_(low, high);
            }
        }
        optimizer.step();
        try (NoGradGuard _ = new NoGradGuard()) {
            for (int i = 0; i < weights.length; i++) {
                targetWeights[i].lerp_(weights[i], tau);
            }
        }
        return loss;
    }

    private Tensor goal() {
        try (NoGradGuard _ = new NoGradGuard()) {
            final Tensor best = target.forward(nextObs).amax(LAST_DIM, false);
            return best.mul(discount).add(reward).unsqueeze(1);
        }
    }

    @Override
    public void act(final int rows) {
        try (PointerScope _ = new PointerScope();
                InferenceMode _ = new InferenceMode(true)) {
            online.forward(actingObs[rows]).argmax(lastDim, false);
        }
    }

    /** Does nothing: the process ends next. */
    @Override
    public void close() {}
}
