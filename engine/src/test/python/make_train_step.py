"""Records what PyTorch computes for a few DQN updates, for TrainStepParityTest.

    python3 make_train_step.py ../resources/greenwave/engine/dqn/train-step.safetensors

The file holds the weights before (before.*), one batch (batch.*), and for each update k: its loss (k.loss), the clipped
gradients (k.gradient.*), and the weights of both networks after it (k.online.*, k.target.*). Legal masks are stored as
U8. Needs PyTorch only; made with 1.13.
"""

import json
import struct
import sys

import torch
from torch import nn

UPDATES, BATCH, OBS, ACTIONS = 3, 21, 5, 3
LR, WEIGHT_DECAY, TAU, CLIP, BETA = 1e-3, 0.01, 0.05, 0.02, 1.0
DTYPES = {torch.float32: "F32", torch.int32: "I32", torch.uint8: "U8"}


def write_safetensors(path, tensors):
    header, offset = {}, 0
    ordered = sorted(tensors.items(), key=lambda item: -item[1].element_size())
    for name, tensor in ordered:
        end = offset + tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, tensor in ordered:
            file.write(tensor.contiguous().numpy().tobytes())


def network():
    return nn.Sequential(
        nn.Linear(OBS, 17), nn.ReLU(), nn.Linear(17, 9), nn.ReLU(), nn.Linear(9, ACTIONS)
    )


def record(tensors, prefix, named):
    for name, tensor in named:
        tensors[prefix + name] = tensor.detach().clone()


def main(path):
    torch.manual_seed(20)
    torch.set_num_threads(1)
    online, target = network(), network()
    target.load_state_dict(online.state_dict())
    optimizer = torch.optim.AdamW(
        online.parameters(), lr=LR, weight_decay=WEIGHT_DECAY, amsgrad=True
    )

    obs, next_obs = torch.randn(BATCH, OBS), torch.randn(BATCH, OBS)
    action = torch.randint(ACTIONS, (BATCH,))
    reward = 3 * torch.randn(BATCH)  # both branches of the Huber loss
    discount = torch.where(torch.rand(BATCH) < 0.3, torch.tensor(0.0), torch.tensor(0.99))
    legal = torch.rand(BATCH, ACTIONS) < 0.6
    legal[torch.arange(BATCH), torch.randint(ACTIONS, (BATCH,))] = True

    tensors = {
        "batch.obs": obs,
        "batch.action": action.to(torch.int32),
        "batch.reward": reward,
        "batch.discount": discount,
        "batch.nextObs": next_obs,
        "batch.nextLegal": legal.to(torch.uint8),
    }
    record(tensors, "before.", online.state_dict().items())
    for update in range(1, UPDATES + 1):
        with torch.no_grad():
            best = target(next_obs).masked_fill(~legal, -torch.inf).max(1).values
            goal = reward + discount * best
        chosen = online(obs).gather(1, action.unsqueeze(1)).squeeze(1)
        loss = nn.SmoothL1Loss(beta=BETA)(chosen, goal)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(online.parameters(), CLIP)
        optimizer.step()
        with torch.no_grad():
            for slow, fast in zip(target.parameters(), online.parameters()):
                slow.copy_(TAU * fast + (1 - TAU) * slow)
        tensors[f"{update}.loss"] = loss.detach()
        record(tensors, f"{update}.gradient.", ((n, p.grad) for n, p in online.named_parameters()))
        record(tensors, f"{update}.online.", online.state_dict().items())
        record(tensors, f"{update}.target.", target.state_dict().items())
    write_safetensors(path, tensors)


if __name__ == "__main__":
    main(sys.argv[1])
