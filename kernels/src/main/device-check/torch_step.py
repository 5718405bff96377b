"""The updates that 'greenwave-bench device' times, in PyTorch: replay and priorities on the GPU; eager, as a CUDA graph, and compiled.

Prints FORM NET BATCH MICROSECONDS, the median of the repeats; where a form does not run, one line on the error stream says why. AdamW with AMSGrad, fused; Huber loss times importance weights; gradients
clipped to 100; soft update of the target. The draw searches the running sums of the priorities.
"""
import os
import statistics
import sys
import time

import torch
from torch import nn

GAMMA, TAU, RATE, ALPHA, BETA = 0.99, 0.005, 1e-4, 0.6, 0.4
REPEATS, UPDATES = int(os.environ.get("REPEATS", 9)), int(os.environ.get("UPDATES", 500))
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 2)
        )

    def forward(self, vector, _):
        return self.layers(vector)


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(
            nn.Conv2d(1, 32, 8, 4), nn.ReLU(), nn.Conv2d(32, 64, 4, 2), nn.ReLU(),
            nn.Conv2d(64, 64, 3, 1), nn.ReLU(), nn.Flatten()
        )
        self.vector = nn.Sequential(nn.Linear(16, 64), nn.ReLU())
        self.head = nn.Sequential(nn.Linear(3136 + 64, 512), nn.ReLU(), nn.Linear(512, 4))

    def forward(self, vector, image):
        return self.head(torch.cat([self.image(image.float()), self.vector(vector)], 1))


class Updates:
    def __init__(self, net, width, actions, image, batch, capacity):
        self.batch = batch
        self.online, self.target = net().cuda(), net().cuda()
        self.target.load_state_dict(self.online.state_dict())
        self.optimizer = torch.optim.AdamW(
            self.online.parameters(), lr=RATE, amsgrad=True, fused=True, capturable=True
        )
        self.obs = torch.randn(capacity, width, device="cuda")
        self.next_obs = torch.randn(capacity, width, device="cuda")
        pixels = (capacity, 1, 84, 84) if image else (capacity, 1)
        self.image = torch.randint(0, 2, pixels, device="cuda", dtype=torch.uint8)
        self.next_image = torch.randint(0, 2, pixels, device="cuda", dtype=torch.uint8)
        self.action = torch.randint(0, actions, (capacity, 1), device="cuda")
        self.reward = torch.randn(capacity, device="cuda")
        self.priority = torch.ones(capacity, device="cuda")

    def update(self):
        sums = self.priority.cumsum(0)
        at = torch.rand(self.batch, device="cuda") * sums[-1]
        i = torch.searchsorted(sums, at).clamp_max(len(sums) - 1)
        weight = (self.priority[i] / sums[-1]) ** -BETA
        weight = weight / weight.max()
        chosen = self.online(self.obs[i], self.image[i]).gather(1, self.action[i]).squeeze(1)
        with torch.no_grad():
            best = self.target(self.next_obs[i], self.next_image[i]).max(1).values
            goal = self.reward[i] + GAMMA * best
        loss = (weight * nn.functional.smooth_l1_loss(chosen, goal, reduction="none")).mean()
        self.optimizer.zero_grad(set_to_none=False)
        loss.backward()
        nn.utils.clip_grad_value_(self.online.parameters(), 100)
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.target.parameters()), list(self.online.parameters()), TAU
            )
            self.priority[i] = ((chosen - goal).abs() + 1e-6) ** ALPHA

    def graphed(self):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(5):
                self.update()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.update()
        return graph.replay


    def compiled(self):
        """torch.compile in the mode that uses CUDA graphs of its own wherever it can."""
        torch.compiler.reset()  # or it would compile for every batch size at once
        step = torch.compile(self.update, mode="reduce-overhead", dynamic=False)

        def update():
            torch.compiler.cudagraph_mark_step_begin()
            step()

        return update


FORMS = {"eager": lambda work: work.update, "graph": Updates.graphed, "compile": Updates.compiled}


def microseconds(update):
    def timed():
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(UPDATES):
            update()
        torch.cuda.synchronize()
        return (time.perf_counter() - start) / UPDATES * 1e6

    timed()
    return statistics.median(timed() for _ in range(REPEATS))


CASES = [
    ("mlp", Mlp, 4, 2, False, 128, 10_000),
    ("mlp", Mlp, 4, 2, False, 512, 10_000),
    ("mlp", Mlp, 4, 2, False, 4096, 10_000),
    ("two", Two, 16, 4, True, 256, 2_000),
]
for name, net, width, actions, image, batch, capacity in CASES:
    for form, made in FORMS.items():
        try:
            update = made(Updates(net, width, actions, image, batch, capacity))
            print(form, name, batch, round(microseconds(update), 1), flush=True)
        except Exception as e:  # a compiler or a library is missing: the other forms still count
            text = str(e).strip().splitlines() or [""]
            print(f"PyTorch {form} {name} {batch}: {type(e).__name__}: {text[0]}", file=sys.stderr)
