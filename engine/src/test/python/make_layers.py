"""Records what PyTorch computes in single layers, forward and backward, for LayerParityTest.

    python3 make_layers.py ../resources/greenwave/engine/nn/layers.safetensors

For each case: its inputs (case.x, case.weight, ...), the output (case.y), the gradient of the sum of output times case.dy by
each input (case.dx, case.dweight, ...), and running statistics before and after. Needs PyTorch only; made with 1.13.
"""

import sys

import torch
import torch.nn.functional as F

from make_train_step import write_safetensors


def case(tensors, name, compute, **inputs):
    leaves = {k: v.clone().requires_grad_(v.is_floating_point()) for k, v in inputs.items()}
    y = compute(**leaves)
    dy = torch.randn_like(y)
    y.backward(dy)
    tensors[f"{name}.y"], tensors[f"{name}.dy"] = y.detach(), dy
    for key, leaf in leaves.items():
        tensors[f"{name}.{key}"] = leaf.detach()
        if leaf.grad is not None:
            tensors[f"{name}.d{key}"] = leaf.grad


def conv(tensors, name, x, out, kernel, groups, **geometry):
    case(
        tensors,
        name,
        lambda x, weight, bias: F.conv2d(x, weight, bias, groups=groups, **geometry),
        x=x,
        weight=torch.randn(out, x.shape[1] // groups, *kernel),
        bias=torch.randn(out),
    )


def batch_norm(tensors, name, x, training):
    channels = x.shape[1]
    mean, variance = torch.randn(channels), torch.rand(channels) + 0.5
    tensors[f"{name}.mean"], tensors[f"{name}.variance"] = mean.clone(), variance.clone()
    case(
        tensors,
        name,
        lambda x, weight, bias: F.batch_norm(x, mean, variance, weight, bias, training),
        x=x,
        weight=torch.randn(channels),
        bias=torch.randn(channels),
    )
    tensors[f"{name}.meanAfter"], tensors[f"{name}.varianceAfter"] = mean, variance


def main(path):
    torch.manual_seed(21)
    torch.set_num_threads(1)
    tensors = {}
    case(tensors, "gelu", F.gelu, x=4 * torch.randn(201))
    label = torch.randint(6, (11,)).to(torch.int32)
    tensors["crossEntropy.label"] = label
    case(
        tensors,
        "crossEntropy",
        lambda x: F.cross_entropy(x, label.long(), reduction="none"),
        x=5 * torch.randn(11, 6),
    )
    conv(
        tensors,
        "conv",
        torch.randn(3, 4, 9, 11),
        out=6,
        kernel=(3, 2),
        groups=2,
        stride=(2, 1),
        padding=(1, 2),
        dilation=(2, 3),
    )
    batch_norm(tensors, "batchNorm1d", 3 * torch.randn(7, 5) + 1, training=True)
    batch_norm(tensors, "batchNorm2d", 3 * torch.randn(3, 5, 4, 6) - 1, training=True)
    batch_norm(tensors, "batchNormEval", torch.randn(3, 5, 4, 6), training=False)
    case(
        tensors,
        "layerNorm",
        lambda x, weight, bias: F.layer_norm(x, weight.shape, weight, bias),
        x=2 * torch.randn(4, 3, 5) + 3,
        weight=torch.randn(3, 5),
        bias=torch.randn(3, 5),
    )
    case(
        tensors,
        "maxPool",
        lambda x: F.max_pool2d(x, (3, 2), (2, 3), (1, 0), (2, 1)),
        x=torch.randn(2, 3, 9, 8),
    )
    case(tensors, "avgPool", lambda x: F.avg_pool2d(x, 3, 2, 1), x=torch.randn(2, 3, 9, 8))
    write_safetensors(path, tensors)


if __name__ == "__main__":
    main(sys.argv[1])
