"""Records what PyTorch's optimizers, clipping and learning-rate schedules compute, for OptimizerParityTest.

    python3 make_optimizers.py ../resources/greenwave/engine/optim/optimizers.safetensors

The file holds first weights (before.*), the gradients of each step k (k.gradient.*), the weights after it for each
optimizer (name.k.*), gradients clipped by norm (clip.*) and the rates of each schedule (rate.*). Needs PyTorch only; made
with 1.13.
"""

import sys

import torch
from make_train_step import record, write_safetensors
from torch import nn, optim

STEPS, RATES = 6, 12
OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.05),
    "sgdDecay": lambda p: optim.SGD(p, lr=0.05, weight_decay=0.1),
    "sgdMomentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
    "sgdNesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
    "adam": lambda p: optim.Adam(p, lr=0.05),
    "adamDecay": lambda p: optim.Adam(p, lr=0.05, weight_decay=0.1, amsgrad=True),
    "adamW": lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1),
    "adamWAmsgrad": lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1, amsgrad=True),
    "rmsProp": lambda p: optim.RMSprop(p, lr=0.05),
    "rmsPropMomentum": lambda p: optim.RMSprop(
        p, lr=0.05, alpha=0.95, eps=0.01, momentum=0.8, weight_decay=0.1
    ),
    "rmsPropCentered": lambda p: optim.RMSprop(
        p, lr=0.05, alpha=0.95, eps=0.01, momentum=0.8, centered=True
    ),
}
SCHEDULES = {
    "linear": lambda o: optim.lr_scheduler.LinearLR(o, 1.0, 0.25, total_iters=8),
    "cosine": lambda o: optim.lr_scheduler.CosineAnnealingLR(o, T_max=RATES - 1, eta_min=0.01),
    "step": lambda o: optim.lr_scheduler.StepLR(o, step_size=5, gamma=0.5),
}


def main(path):
    torch.manual_seed(21)
    net = nn.Sequential(nn.Linear(3, 2))
    tensors = {}
    record(tensors, "before.", net.state_dict().items())
    for step in range(STEPS):
        for name, parameter in net.named_parameters():
            tensors[f"{step}.gradient.{name}"] = torch.randn_like(parameter) * 10.0 ** (1 - step)
    for label, make in OPTIMIZERS.items():
        net.load_state_dict({n: tensors["before." + n] for n, _ in net.named_parameters()})
        optimizer = make(net.parameters())
        for step in range(STEPS):
            for name, parameter in net.named_parameters():
                parameter.grad = tensors[f"{step}.gradient.{name}"].clone()
            optimizer.step()
            record(tensors, f"{label}.{step}.", net.state_dict().items())
    for limit in (0.5, 1000.0):
        for name, parameter in net.named_parameters():
            parameter.grad = tensors[f"0.gradient.{name}"].clone()
        tensors[f"clip.{limit}.norm"] = nn.utils.clip_grad_norm_(net.parameters(), limit)
        record(tensors, f"clip.{limit}.", ((n, p.grad) for n, p in net.named_parameters()))
    for label, make in SCHEDULES.items():
        optimizer = optim.SGD(net.parameters(), lr=0.05)
        schedule = make(optimizer)
        rates = []
        for _ in range(RATES):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        tensors[f"rate.{label}"] = torch.tensor(rates)
    write_safetensors(path, tensors)


if __name__ == "__main__":
    main(sys.argv[1])
