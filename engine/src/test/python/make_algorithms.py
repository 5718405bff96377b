"""Records what PyTorch computes for a few updates of each algorithm, for AlgorithmParityTest.

    python3 make_algorithms.py ../resources/greenwave/engine/dqn/algorithms.safetensors

The file holds one batch (batch.*) and, by algorithm: the weights of both networks before (NAME.online.*, NAME.target.*), and
for each update k its loss and errors (NAME.k.loss, NAME.k.errors), its gradients (NAME.k.gradient.*) and the weights of both
networks after it (NAME.k.online.*, NAME.k.target.*). Projections and losses are written down from the papers, element by
element. Needs PyTorch only; made with 1.13.
"""

import math
import sys

import torch
from make_train_step import record, write_safetensors
from torch import nn
from torch.nn.functional import mse_loss, smooth_l1_loss

UPDATES, BATCH, OBS, ACTIONS = 3, 11, 4, 3
LR, TAU = 0.05, 0.1
ATOMS, LOW, HIGH = 7, -2.0, 3.0
QUANTILES = 5


class Dueling(nn.Module):
    def __init__(self, width, per_action):
        super().__init__()
        self.value = nn.Linear(width, per_action)
        self.advantage = nn.Linear(width, ACTIONS * per_action)

    def forward(self, x):
        value = self.value(x).unsqueeze(1)
        advantage = self.advantage(x).view(len(x), ACTIONS, -1)
        return (value + advantage - advantage.mean(1, keepdim=True)).flatten(1)


def network(dueling, per_action):
    head = Dueling(8, per_action) if dueling else nn.Linear(8, ACTIONS * per_action)
    return nn.Sequential(nn.Linear(OBS, 8), nn.ReLU(), head)


def pick(outputs, action):
    """Outputs of one action per row, [B, per action]."""
    return outputs.view(len(outputs), ACTIONS, -1)[torch.arange(len(outputs)), action]


def best(values, legal):
    return values.masked_fill(~legal, -torch.inf).argmax(1)


class Mean:
    per_action = 1

    def __init__(self, loss):
        self.loss = loss

    def expected(self, outputs):
        return outputs

    def terms(self, chosen, following, reward, discount):
        goal = reward + discount * following.squeeze(1)
        chosen = chosen.squeeze(1)
        return self.loss(chosen, goal, reduction="none"), chosen - goal


class Categorical:
    per_action = ATOMS
    atoms = torch.linspace(LOW, HIGH, ATOMS, dtype=torch.float64)

    def expected(self, outputs):
        p = outputs.view(len(outputs), ACTIONS, ATOMS).softmax(2)
        return (p * self.atoms.float()).sum(2)

    def terms(self, chosen, following, reward, discount):
        p = following.double().softmax(1)
        goal = torch.zeros_like(p)
        gap = (HIGH - LOW) / (ATOMS - 1)
        for row in range(len(p)):
            for j in range(ATOMS):
                moved = reward[row].item() + discount[row].item() * self.atoms[j].item()
                b = (min(max(moved, LOW), HIGH) - LOW) / gap
                lower, upper = math.floor(b), math.ceil(b)
                if lower == upper:
                    goal[row, lower] += p[row, j]
                else:
                    goal[row, lower] += p[row, j] * (upper - b)
                    goal[row, upper] += p[row, j] * (b - lower)
        goal = goal.float()
        loss = -(goal * chosen.log_softmax(1)).sum(1)
        return loss, nn.functional.kl_div(chosen.log_softmax(1), goal, reduction="none").sum(1)


class Quantiles:
    per_action = QUANTILES
    kappa = 1.0

    def expected(self, outputs):
        return outputs.view(len(outputs), ACTIONS, QUANTILES).mean(2)

    def terms(self, chosen, following, reward, discount):
        goal = reward.unsqueeze(1) + discount.unsqueeze(1) * following
        levels = (torch.arange(QUANTILES) + 0.5) / QUANTILES
        u = goal.unsqueeze(1) - chosen.unsqueeze(2)  # [B, quantile, draw]
        huber = torch.where(
            u.abs() <= self.kappa, 0.5 * u**2, self.kappa * (u.abs() - 0.5 * self.kappa)
        )
        asymmetry = (levels.view(1, -1, 1) - (u.detach() < 0).float()).abs()
        loss = (asymmetry * huber / self.kappa).mean(2).sum(1)
        return loss, chosen.mean(1) - goal.mean(1)


def follow_softly(online, target, _):
    for slow, fast in zip(target.parameters(), online.parameters()):
        slow.copy_(TAU * fast + (1 - TAU) * slow)


def copy_every_second(online, target, update):
    if update % 2 == 0:
        target.load_state_dict(online.state_dict())


def train(tensors, name, kind, dueling, double, follow, times_error=False, batches=1):
    online, target = network(dueling, kind.per_action), network(dueling, kind.per_action)
    record(tensors, name + ".online.", online.state_dict().items())
    record(tensors, name + ".target.", target.state_dict().items())
    optimizer = torch.optim.SGD(online.parameters(), lr=LR)
    batch = {key[6:]: value for key, value in tensors.items() if key.startswith("batch.")}
    legal = batch["nextLegal"].bool()
    for update in range(1, UPDATES + 1):
        optimizer.zero_grad()
        for _ in range(batches):
            with torch.no_grad():
                following = target(batch["nextObs"])
                judged = online(batch["nextObs"]) if double else following
                next_action = best(kind.expected(judged), legal)
            losses, errors = kind.terms(
                pick(online(batch["obs"]), batch["action"].long()),
                pick(following, next_action),
                batch["reward"],
                batch["discount"],
            )
            losses = losses * batch["weight"]
            if times_error:
                losses = losses * errors.abs().detach()
            losses.mean().backward()
        optimizer.step()
        with torch.no_grad():
            follow(online, target, update)
        prefix = f"{name}.{update}."
        tensors[prefix + "loss"] = losses.mean().detach()
        tensors[prefix + "errors"] = errors.detach()
        record(tensors, prefix + "gradient.", ((n, p.grad) for n, p in online.named_parameters()))
        record(tensors, prefix + "online.", online.state_dict().items())
        record(tensors, prefix + "target.", target.state_dict().items())


def main(path):
    torch.manual_seed(7)
    torch.set_num_threads(1)
    legal = torch.rand(BATCH, ACTIONS) < 0.5
    legal[torch.arange(BATCH), torch.randint(ACTIONS, (BATCH,))] = True
    discount = torch.where(torch.rand(BATCH) < 0.3, torch.tensor(0.0), torch.tensor(0.9))
    tensors = {
        "batch.obs": torch.randn(BATCH, OBS),
        "batch.action": torch.randint(ACTIONS, (BATCH,)).to(torch.int32),
        "batch.reward": 2 * torch.randn(BATCH),
        "batch.discount": discount,
        "batch.nextObs": torch.randn(BATCH, OBS),
        "batch.nextLegal": legal.to(torch.uint8),
        "batch.weight": 0.2 + 0.8 * torch.rand(BATCH),
    }
    train(tensors, "dqn", Mean(smooth_l1_loss), False, False, follow_softly)
    train(tensors, "double", Mean(smooth_l1_loss), False, True, copy_every_second)
    train(tensors, "dueling", Mean(mse_loss), True, False, follow_softly)
    train(tensors, "seed", Mean(smooth_l1_loss), False, False, follow_softly, True, 2)
    train(tensors, "c51", Categorical(), False, False, follow_softly)
    train(tensors, "rainbow", Categorical(), True, True, copy_every_second)
    train(tensors, "quantiles", Quantiles(), False, False, follow_softly)
    train(tensors, "duelingQuantiles", Quantiles(), True, True, follow_softly)
    write_safetensors(path, tensors)


if __name__ == "__main__":
    main(sys.argv[1])
