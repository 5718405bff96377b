"""Writes a state dict as PyTorch users have it, and what the network computes, for PyTorchFileTest.

    python3 make_state_dict.py ../resources/greenwave/engine/nn

policy.safetensors and image-policy.safetensors have the bytes that safetensors.torch.save_file(net.state_dict(), path, metadata={"format": "pt"}) writes:
metadata first, tensors by size of dtype and name, compact JSON padded with spaces to a multiple of 8. The
files *-values.safetensors hold observations (obs) and action values (q). The image network has batch normalisation; it was
run in training three times and is evaluated. Needs PyTorch only; made with 1.13.
"""

import json
import pathlib
import struct
import sys

import torch
from make_train_step import write_safetensors
from torch import nn

DTYPES = {torch.float32: "F32", torch.int64: "I64"}


def save_file(path, state_dict, metadata):
    header, data = {"__metadata__": metadata}, b""
    ordered = sorted(state_dict.items(), key=lambda item: (-item[1].element_size(), item[0]))
    for name, tensor in ordered:
        content = tensor.contiguous().numpy().tobytes()
        offsets = [len(data), len(data) + len(content)]
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": offsets,
        }
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main(folder):
    torch.manual_seed(22)
    net = nn.Sequential(nn.Linear(6, 10), nn.ReLU(), nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 3))
    save_file(folder / "policy.safetensors", net.state_dict(), {"format": "pt"})
    obs = torch.randn(7, 6)
    write_safetensors(folder / "policy-values.safetensors", {"obs": obs, "q": net(obs).detach()})
    make_image_policy(folder)


def make_image_policy(folder):
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, stride=2),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(36, 4),
    )
    for _ in range(3):
        net(torch.rand(5, 2, 7, 9))
    net.eval()
    save_file(folder / "image-policy.safetensors", net.state_dict(), {"format": "pt"})
    obs = torch.randint(0, 256, (6, 2, 7, 9)).to(torch.uint8)
    q = net(obs / 255).detach()
    write_safetensors(folder / "image-policy-values.safetensors", {"obs": obs, "q": q})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
