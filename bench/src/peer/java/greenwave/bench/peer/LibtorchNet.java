package greenwave.bench.peer;

import static org.bytedeco.pytorch.global.torch.relu;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNet;
import greenwave.kernels.Buffer;

import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.UnaryOperator;

/** A {@link PeerNet} in libtorch, with the first weights that our engine draws. */
final class LibtorchNet extends Module {
    private final UnaryOperator<Tensor> forward;
    private final TensorVector weights; // kept: libtorch frees what it lists when it is collected

    LibtorchNet(final PeerNet net) {
        forward =
                switch (net) {
                    case MLP -> perceptron();
                };
        weights = parameters();
        try (Engine engine =
                Engine.open(
                        EngineConfig.builder().backend("reference").seed(Subject.SEED).build())) {
            take(net.build(engine));
        }
    }

    private UnaryOperator<Tensor> perceptron() {
        final LinearImpl first = register_module("0", new LinearImpl(4, 128));
        final LinearImpl second = register_module("2", new LinearImpl(128, 128));
        final LinearImpl last = register_module("4", new LinearImpl(128, 2));
        return x -> last.forward(relu(second.forward(relu(first.forward(x)))));
    }

    /** Copies all weights: both nets list them in the order of their layers. */
    private void take(final QNet ours) {
        final List<Parameter> from = ours.parameters().all();
        final Tensor[] to = weights();
        if (from.size() != to.length) {
            throw new IllegalStateException(
                    "libtorch: parameters=%d, expected %d".formatted(to.length, from.size()));
        }
        try (NoGradGuard _ = new NoGradGuard()) {
            for (int i = 0; i < to.length; i++) {
                final float[] values = floats(from.get(i).value());
                try (Tensor source = Tensor.create(values, to[i].shape())) {
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

    Tensor forward(final Tensor x) {
        return forward.apply(x);
    }
}
