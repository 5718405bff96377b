"""DQN on PyTorch with the step of its DQN tutorial: soft target, mean Huber loss, gradients clipped by value, AdamW with
AMSGrad; the replay is a ring of arrays, as in Stable-Baselines3 and CleanRL, which is faster than the tutorial's deque.
"""

import json
import struct

import numpy as np
import torch
from torch import nn


def perceptron(inputs, hidden, actions):
    layers = []
    for units in hidden:
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    return nn.Sequential(*layers, nn.Linear(inputs, actions))


class Replay:
    def __init__(self, capacity, obs_size):
        self.obs = np.zeros((capacity, obs_size), np.float32)
        self.next_obs = np.zeros((capacity, obs_size), np.float32)
        self.action = np.zeros((capacity, 1), np.int64)
        self.reward = np.zeros(capacity, np.float32)
        self.capacity = capacity
        self.added = 0

    def __len__(self):
        return min(self.added, self.capacity)

    def add(self, obs, action, reward, next_obs):
        for row in range(len(action)):
            place = self.added % self.capacity
            self.obs[place] = obs[row]
            self.action[place] = action[row]
            self.reward[place] = reward[row]
            self.next_obs[place] = next_obs[row]
            self.added += 1

    def draw(self, random, batch):
        rows = random.integers(0, len(self), batch)
        return tuple(
            torch.from_numpy(part[rows])
            for part in (self.obs, self.action, self.reward, self.next_obs)
        )


class Learner:
    """Trains the network that the signals of one group share. No episode terminates: windows are cut off, so a last
    decision is valued by its final observation like any other."""

    def __init__(self, group, how, random):
        self.actions = group["actions"]
        self.how = how
        self.random = random
        self.net = perceptron(group["obs_size"], how["hidden"], self.actions)
        self.target = perceptron(group["obs_size"], how["hidden"], self.actions)
        self.target.load_state_dict(self.net.state_dict())
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=how["lr"], amsgrad=True)
        self.loss = nn.SmoothL1Loss()
        self.replay = Replay(how["replay"], group["obs_size"])

    def act(self, obs, epsilon):
        with torch.no_grad():
            greedy = self.net(torch.from_numpy(obs)).argmax(1).numpy()
        explore = self.random.random(len(obs)) < epsilon
        return np.where(explore, self.random.integers(0, self.actions, len(obs)), greedy)

    def ready(self):
        return len(self.replay) >= self.how["batch"]

    def update(self):
        obs, action, reward, next_obs = self.replay.draw(self.random, self.how["batch"])
        chosen = self.net(obs).gather(1, action).squeeze(1)
        with torch.no_grad():
            goal = reward + self.how["gamma"] * self.target(next_obs).max(1).values
        loss = self.loss(chosen, goal)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_value_(self.net.parameters(), self.how["clip"])
        self.optimizer.step()
        tau = self.how["tau"]
        with torch.no_grad():
            for slow, fast in zip(self.target.parameters(), self.net.parameters()):
                slow.data.mul_(1 - tau)
                torch.add(slow.data, fast.data, alpha=tau, out=slow.data)


def save(path, learners):
    """Writes all networks as one safetensors file, tensors by PyTorch's names after the learner's prefix."""
    header = {}
    data = b""
    for prefix, learner in learners.items():
        for name, tensor in learner.net.state_dict().items():
            raw = tensor.numpy().astype("<f4").tobytes()
            header[prefix + name] = {
                "dtype": "F32",
                "shape": list(tensor.shape),
                "data_offsets": [len(data), len(data) + len(raw)],
            }
            data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
