"""Writes a state dict as PyTorch users have it, and what the network computes, for PyTorchFileTest.

    python3 make_state_dict.py ../resources/greenwave/engine/nn

policy.safetensors has the bytes that safetensors.torch.save_file(net.state_dict(), path, metadata={"format": "pt"}) writes:
metadata first, tensors of one dtype by name, compact JSON padded with spaces to a multiple of 8. policy-values.safetensors
holds observations (obs) and action values (q). Needs PyTorch only; made with 1.13.
"""

import json
import pathlib
import struct
import sys

import torch
from make_train_step import write_safetensors
from torch import nn


def save_file(path, state_dict, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(state_dict.items()):
        content = tensor.contiguous().numpy().tobytes()
        offsets = [len(data), len(data) + len(content)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
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


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
