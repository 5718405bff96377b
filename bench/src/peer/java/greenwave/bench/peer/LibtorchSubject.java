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
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * libtorch's C++ API called from Java, written as its users tune it: no mask gathers, gradients dropped rather than
 * cleared, no gradient mode around what needs none. Images are converted to f32 when they are loaded, not in a step.
 * Acting leaves the actions in libtorch.
 */
final class LibtorchSubject implements Subject {
    private static final long MEAN = 1; // at::Reduction::Mean
    private static final double BETA = 1;
    private static final long[] LAST_DIM = {1};

    private final PeerNet net;
    private final int threads;
    private final LibtorchNet online;
    private final LibtorchNet target;
    private final LibtorchNet acting; // its weights stay the first ones: the numbers do not matter
    private final Tensor[] weights;
    private final List<Tensor> following = new ArrayList<>(); // the target's weights and statistics
    private final List<Tensor> followed = new ArrayList<>(); // those of the network in training
    private final AdamW optimizer;
    private final Scalar tau = new Scalar(0.005f);
    private final ScalarOptional low = new ScalarOptional(new Scalar(-100f));
    private final ScalarOptional high = new ScalarOptional(new Scalar(100f));
    private final LongOptional lastDim = new LongOptional(1);
    private final Map<Task, Tensor[]> actingObs = new EnumMap<>(Task.class);
    private Tensor[] obs = {};
    private Tensor action;
    private Tensor reward;
    private Tensor discount;
    private Tensor[] nextObs = {};

    LibtorchSubject(
            final PeerNet net, final Recipe recipe, final int threads, final boolean nudged) {
        set_num_threads(threads);
        this.net = net;
        this.threads = threads;
        this.online = new LibtorchNet(net, nudged);
        this.target = new LibtorchNet(net, nudged);
        target.eval();
        this.acting = new LibtorchNet(net, nudged);
        acting.eval();
        this.weights = online.weights();
        followed.addAll(List.of(weights));
        followed.addAll(online.statistics());
        following.addAll(List.of(target.weights()));
        following.addAll(target.statistics());
        final AdamWOptions options = new AdamWOptions(recipe.learningRate(net));
        options.amsgrad().put(true);
        this.optimizer = new AdamW(online.parameters(), options);
        for (final Task task : net.acting()) {
            final TransitionBatch seen = TransitionBatch.of(net, task.rows(), 0);
            actingObs.put(task, tensors(seen.obs(), task.rows()));
        }
    }

    private Tensor[] tensors(final List<MemorySegment> obs, final int rows) {
        final Tensor[] parts = new Tensor[obs.size()];
        for (int i = 0; i < parts.length; i++) {
            final ObsPart part = net.obs().get(i);
            final long[] shape = Arrays.stream(part.shape(rows)).asLongStream().toArray();
            parts[i] = Tensor.create(part.scaled(obs.get(i), rows), shape);
        }
        return parts;
    }

    @Override
    public String describe() {
        try {
            return "org.bytedeco:pytorch:%s, threads=%d"
                    .formatted(Loader.getVersion("org.bytedeco", "pytorch"), threads);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void load(final TransitionBatch batch) {
        final long rows = batch.size();
        final long[] actions = Arrays.stream(batch.action()).asLongStream().toArray();
        free(obs);
        free(nextObs);
        obs = tensors(batch.obs(), batch.size());
        action = Tensor.create(actions, rows, 1); // libtorch gathers by i64 only
        reward = Tensor.create(batch.reward());
        discount = Tensor.create(batch.discount());
        nextObs = tensors(batch.nextObs(), batch.size());
    }

    /** Images are large: the collector would come for them too late. */
    private static void free(final Tensor... tensors) {
        for (final Tensor tensor : tensors) {
            tensor.close();
        }
    }

    @Override
    public Runnable work(final Task task) {
        return task == Task.TRAIN ? this::train : () -> act(actingObs.get(task));
    }

    private void train() {
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
            for (int i = 0; i < following.size(); i++) {
                following.get(i).lerp_(followed.get(i), tau);
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
    public List<float[]> gradients() {
        return Arrays.stream(weights).map(weight -> floats(weight.grad())).toList();
    }

    private static float[] floats(final Tensor tensor) {
        try (Tensor dense = tensor.contiguous()) {
            final float[] values = new float[Math.toIntExact(dense.numel())];
            dense.<FloatBuffer>createBuffer().get(values);
            return values;
        }
    }

    private void act(final Tensor... obs) {
        try (PointerScope _ = new PointerScope();
                InferenceMode _ = new InferenceMode(true)) {
            acting.forward(obs).argmax(lastDim, false);
        }
    }

    /** Does nothing: the process ends next. */
    @Override
    public void close() {}
}
