package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.ImageLayouts.Layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets images stay in the layout that the backend's convolutions like, from the first of them to where another op needs
 * them row by row: convolutions and batch normalisations become prepared ones, joined with the ReLU after them, and copies
 * are put in where a layout ends.
 */
final class ImageLowering {
    private static final int[] NONE = {};

    private final Graph graph;
    private final List<Trace.Node> source;
    private final ImageLayouts layouts;
    private final LayoutOps ops;
    private final Uses uses;
    private final List<Trace.Node> lowered = new ArrayList<>();
    private final Set<Trace.Node> joined = new HashSet<>(); // computed by a node before them
    private final Map<Integer, Image> images =
            new HashMap<>(); // by tensor, where one of the backend's computations gave it
    private final Map<Integer, Tensor> rowMajor = new HashMap<>(); // copies of those

    /** Where the numbers of a tensor are. */
    private record Image(Tensor tensor, Layout layout) {}

    private ImageLowering(
            final Graph graph,
            final List<Trace.Node> source,
            final ImageLayouts layouts,
            final LayoutOps ops) {
        this.graph = graph;
        this.source = source;
        this.layouts = layouts;
        this.ops = ops;
        this.uses = new Uses(source, graph.readable());
    }

    /** {@return the nodes in their order, those on images replaced} */
    static List<Trace.Node> lower(
            final Graph graph,
            final List<Trace.Node> nodes,
            final ImageLayouts layouts,
            final LayoutOps ops) {
        final ImageLowering lowering = new ImageLowering(graph, nodes, layouts, ops);
        nodes.forEach(lowering::lower);
        return lowering.lowered;
    }

    private void lower(final Trace.Node node) {
        if (joined.contains(node)) {
            return;
        }
        final boolean onImage = node.inputs().length > 0 && images.containsKey(node.inputs()[0]);
        final BatchNorm norm = batchNorm(node);
        if (node.op() == ImageOps.CONV2D) {
            convolve(node);
        } else if (norm != null) {
            normalise(norm);
        } else if (onImage
                && node.op() == NormOps.CHANNEL_AFFINE
                && !graph.isDifferentiated(node.out().id())) {
            scale(node);
        } else if (onImage && ElementwiseOps.isUnary(node.op())) {
            final Image x = images.get(node.inputs()[0]);
            put(node, node.op(), new int[] {x.tensor().id()}, node.out(), x.layout());
        } else {
            lowered.add(onRowMajor(node));
        }
    }

    private void convolve(final Trace.Node conv) {
        final int[] in = conv.inputs();
        final Trace.Node relu = relu(conv);
        final Shape shape = graph.tensor(in[0]).shape();
        final LayoutOps.Placed placed =
                ops.convolution(
                        ImageOps.convolution(shape, graph.tensor(in[1]).shape(), conv.constants()),
                        image(in[0]).layout(),
                        relu != null,
                        graph.isDifferentiated(conv.out().id()));
        final Tensor x = in(in[0], placed.x());
        final int[] inputs = {x.id(), in[1], in[2]};
        put(conv, placed.op(), inputs, last(conv, relu).out(), placed.y());
    }

    /** {@return the ReLU that can be joined to a node, which then computes it, or null} */
    private Trace.Node relu(final Trace.Node node) {
        final Trace.Node relu = uses.follower(node, ElementwiseOps.RELU);
        if (relu != null) {
            joined.add(relu);
        }
        return relu;
    }

    private static Trace.Node last(final Trace.Node node, final Trace.Node relu) {
        return relu == null ? node : relu;
    }

    /** The three nodes that make a batch normalisation. */
    private record BatchNorm(Trace.Node moments, Trace.Node standardise, Trace.Node affine) {}

    /** {@return the batch normalisation of images that begins with this node; null if none does} */
    private BatchNorm batchNorm(final Trace.Node moments) {
        if (moments.op() != NormOps.MOMENTS) {
            return null;
        }
        final int x = moments.inputs()[0];
        final int m = moments.out().id();
        final Shape shape = graph.tensor(x).shape();
        if (shape.rank() != 4
                || moments.constants()[0] != shape.dim(0)
                || moments.constants()[1] != shape.dim(1)) {
            return null;
        }
        for (final Trace.Node node : source) {
            if (node.op() == NormOps.STANDARDISE
                    && node.inputs()[0] == x
                    && node.inputs()[1] == m) {
                final Trace.Node affine = uses.follower(node, NormOps.CHANNEL_AFFINE);
                final boolean known =
                        affine != null && affine.inputs()[1] < m && affine.inputs()[2] < m;
                return known ? new BatchNorm(moments, node, affine) : null;
            }
        }
        return null;
    }

    private void normalise(final BatchNorm norm) {
        final Image x = image(norm.moments().inputs()[0]);
        final Tensor moments = norm.moments().out();
        final Trace.Node affine = norm.affine();
        joined.add(norm.standardise());
        joined.add(affine);
        final Trace.Node relu = relu(affine);
        final LayoutOps.Placed placed =
                ops.batchNorm(x.layout(), norm.standardise().attributes()[0], relu != null);
        lowered.add(new Trace.Node("moments", null, NONE, new float[0], NONE, null, moments));
        final int[] inputs = {
            x.tensor().id(), affine.inputs()[1], affine.inputs()[2], moments.id()
        };
        put(affine, placed.op(), inputs, last(affine, relu).out(), placed.y());
    }

    private void scale(final Trace.Node affine) {
        final Image x = images.get(affine.inputs()[0]);
        final Trace.Node relu = relu(affine);
        final LayoutOps.Placed placed = ops.channelAffine(x.layout(), relu != null);
        final int[] inputs = {x.tensor().id(), affine.inputs()[1], affine.inputs()[2]};
        put(affine, placed.op(), inputs, last(affine, relu).out(), placed.y());
    }

    /** Adds a node whose output lies in {@code layout}, and a copy of that if it must be readable. */
    private void put(
            final Trace.Node like,
            final Op op,
            final int[] inputs,
            final Tensor out,
            final Layout layout) {
        if (layout.rowMajor()) {
            lowered.add(like.as(op, inputs, out));
            images.put(out.id(), new Image(out, layout));
            return;
        }
        final boolean readable = graph.isReadable(out.id());
        final Tensor placed = readable ? graph.twin(out) : out;
        graph.setLength(placed.id(), layout.length());
        lowered.add(like.as(op, inputs, placed));
        images.put(out.id(), new Image(placed, layout));
        if (readable) {
            copy(images.get(out.id()), layouts(out.shape()), out);
            rowMajor.put(out.id(), out);
        }
    }

    private Layout layouts(final Shape image) {
        return layouts.rowMajor(image.dim(0), image.dim(1), image.dim(2), image.dim(3));
    }

    private void copy(final Image from, final Layout to, final Tensor out) {
        graph.setLength(out.id(), to.length());
        final Op op = ops.copy(from.layout(), to).op();
        final int[] inputs = {from.tensor().id()};
        lowered.add(new Trace.Node(op.name(), op, inputs, new float[0], NONE, null, out));
    }

    private Image image(final int id) {
        final Tensor tensor = graph.tensor(id);
        return images.containsKey(id) ? images.get(id) : new Image(tensor, layouts(tensor.shape()));
    }

    /** {@return the tensor in a layout, copied if it lies in another} */
    private Tensor in(final int id, final Layout layout) {
        final Image image = image(id);
        if (image.layout().equals(layout)) {
            return image.tensor();
        }
        if (layout.rowMajor()) {
            return graph.tensor(rowMajor(id));
        }
        final Tensor copy = graph.twin(graph.tensor(id));
        copy(image, layout, copy);
        return copy;
    }

    private int rowMajor(final int id) {
        if (!images.containsKey(id) || images.get(id).layout().rowMajor()) {
            return id;
        }
        if (!rowMajor.containsKey(id)) {
            final Tensor copy = graph.twin(graph.tensor(id));
            copy(images.get(id), layouts(copy.shape()), copy);
            rowMajor.put(id, copy);
        }
        return rowMajor.get(id).id();
    }

    private Trace.Node onRowMajor(final Trace.Node node) {
        final int[] inputs = node.inputs().clone();
        boolean moved = false;
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = rowMajor(inputs[i]);
            moved |= inputs[i] != node.inputs()[i];
        }
        return moved ? node.as(node.op(), inputs, node.out()) : node;
    }
}
