package greenwave.bench.peer;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.relu;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNetwork;
import greenwave.kernels.Buffer;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A {@link PeerNet} in libtorch, with the first weights that our engine draws, or one rounding beside them. */
final class LibtorchNet extends Module {
    private final Function<Tensor[], Tensor> forward;
    private final List<Tensor> statistics =
            new ArrayList<>(); // running, in the order of the layers
    private final TensorVector weights; // kept: libtorch frees what it lists when it is collected
    private int layers;

    LibtorchNet(final PeerNet net, final boolean nudged) {
        forward =
                switch (net) {
                    case MLP -> perceptron();
                    case CONV -> convolutions();
                    case TWO -> twoInputs();
                };
        weights = parameters();
        try (Engine engine =
                Engine.open(
                        EngineConfig.builder().backend("reference").seed(Subject.SEED).build())) {
            take(net.build(engine), nudged);
        }
    }

    private Function<Tensor[], Tensor> perceptron() {
        final UnaryOperator<Tensor> first = linear(4, 128);
        final UnaryOperator<Tensor> second = linear(128, 128);
        final UnaryOperator<Tensor> last = linear(128, 2);
        return x -> last.apply(relu(second.apply(relu(first.apply(x[0])))));
    }

    private Function<Tensor[], Tensor> convolutions() {
        final UnaryOperator<Tensor> first = normalised(3, 16);
        final UnaryOperator<Tensor> second = normalised(16, 32);
        final UnaryOperator<Tensor> third = normalised(32, 32);
        final UnaryOperator<Tensor> last = linear(512, 2);
        return x -> last.apply(third.apply(second.apply(first.apply(x[0]))).flatten(1, -1));
    }

    private Function<Tensor[], Tensor> twoInputs() {
        final UnaryOperator<Tensor> first = convolution(1, 32, 8, 4);
        final UnaryOperator<Tensor> second = convolution(32, 64, 4, 2);
        final UnaryOperator<Tensor> third = convolution(64, 64, 3, 1);
        final UnaryOperator<Tensor> vector = linear(16, 64);
        final UnaryOperator<Tensor> hidden = linear(3200, 512);
        final UnaryOperator<Tensor> last = linear(512, 4);
        return x -> {
            final Tensor seen =
                    relu(third.apply(relu(second.apply(relu(first.apply(x[0])))))).flatten(1, -1);
            final Tensor told = relu(vector.apply(x[1]));
            return last.apply(relu(hidden.apply(cat(new TensorVector(seen, told), 1))));
        };
    }

    private String nextName() {
        return "layer" + layers++;
    }

    private UnaryOperator<Tensor> linear(final int in, final int out) {
        final LinearImpl layer = register_module(nextName(), new LinearImpl(in, out));
        return layer::forward;
    }

    private UnaryOperator<Tensor> convolution(
            final int in, final int out, final int kernel, final int stride) {
        final Conv2dOptions options =
                new Conv2dOptions(in, out, new LongPointer(new long[] {kernel, kernel}));
        options.stride().put(0, stride).put(1, stride);
        final Conv2dImpl layer = register_module(nextName(), new Conv2dImpl(options));
        return layer::forward;
    }

    /** A convolution 5x5 with stride 2, batch normalisation and ReLU. */
    private UnaryOperator<Tensor> normalised(final int in, final int out) {
        final UnaryOperator<Tensor> convolution = convolution(in, out, 5, 2);
        final BatchNorm2dImpl norm =
                register_module(nextName(), new BatchNorm2dImpl(new BatchNormOptions(out)));
        statistics.add(norm.running_mean());
        statistics.add(norm.running_var());
        return x -> relu(norm.forward(convolution.apply(x)));
    }

    /**
     * Copies all weights, every second to the next float if nudged: both nets list them in the order of their layers. Statistics
     * start alike.
     */
    private void take(final QNetwork ours, final boolean nudged) {
        final List<Parameter> from =
                ours.parameters().all().stream().filter(Parameter::trained).toList();
        final Tensor[] to = weights();
        if (from.size() != to.length) {
            throw new IllegalStateException(
                    "libtorch: parameters=%d, expected %d".formatted(to.length, from.size()));
        }
        try (NoGradGuard _ = new NoGradGuard()) {
            for (int i = 0; i < to.length; i++) {
                final long[] dims =
                        Arrays.stream(from.get(i).shape().dims()).asLongStream().toArray();
                if (!Arrays.equals(dims, to[i].shape())) {
                    throw new IllegalStateException(
                            "libtorch: parameter=%d, shape=%s, expected %s"
                                    .formatted(
                                            i,
                                            Arrays.toString(to[i].shape()),
                                            Arrays.toString(dims)));
                }
                final float[] values = floats(from.get(i).value());
                for (int k = 0; nudged && k < values.length; k += 2) {
                    values[k] = Math.nextUp(values[k]);
                }
                try (Tensor source = Tensor.create(values, dims)) {
                    to[i].copy_(source);
                }
            }
        }
    }

    private static float[] floats(final Buffer buffer) {
        final float[] values = new float[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    /** {@return its weights, usable as long as this net is} */
    Tensor[] weights() {
        return weights.get();
    }

    /** {@return its running statistics} */
    List<Tensor> statistics() {
        return statistics;
    }

    Tensor forward(final Tensor... obs) {
        return forward.apply(obs);
    }
}
