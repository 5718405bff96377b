"""Trains as told by lines on standard input and answers each on standard output; the argument is a course (JSON).

train N       goes on until N more episodes have ended: seconds, decisions, updates of this request
save FILE     writes the networks
play A,B,...  takes these actions in the lone signal of a world of its own, shows what was seen and earned
"""

import json
import math
import sys
import time

import numpy as np
import torch

import dqn
from signals import World
from worlds import open_worlds


class Training:
    def __init__(self, course):
        how = course["settings"]
        self.course = course
        self.how = how
        random = np.random.default_rng(how["seed"])
        torch.manual_seed(how["seed"])
        self.learners = [dqn.Learner(group, how, random) for group in course["groups"]]
        self.worlds = open_worlds(course)
        self.seen = None
        self.decisions = 0
        self.updates = 0

    def train(self, episodes):
        begin = time.perf_counter()
        decisions, updates = self.decisions, self.updates
        if self.seen is None:
            self.seen = self.worlds.reset()
        while episodes > 0:
            episodes -= self.step()
            self.learn()
        seconds = time.perf_counter() - begin
        return f"{seconds} {self.decisions - decisions} {self.updates - updates}"

    def step(self):
        how = self.how
        epsilon = how["eps_end"] + (how["eps_start"] - how["eps_end"]) * math.exp(
            -self.decisions / how["eps_decay"]
        )
        agents = [len(group["agents"]) for group in self.course["groups"]]
        chosen = [
            learner.act(np.concatenate([seen[g] for seen in self.seen]), epsilon)
            for g, learner in enumerate(self.learners)
        ]
        by_world = [
            [chosen[g][w * n : (w + 1) * n] for g, n in enumerate(agents)]
            for w in range(len(self.seen))
        ]
        ended = 0
        outcomes = self.worlds.step(by_world)
        for w, (after, earned, final) in enumerate(outcomes):
            for g, learner in enumerate(self.learners):
                last = (after if final is None else final)[g]
                learner.replay.add(self.seen[w][g], by_world[w][g], earned[g], last)
            ended += final is not None
        self.seen = [after for after, _, _ in outcomes]
        self.decisions += len(outcomes)
        return ended

    def learn(self):
        if all(learner.ready() for learner in self.learners):
            for _ in range(len(self.seen) * self.how["updates_per_step"]):
                for learner in self.learners:
                    learner.update()
                self.updates += 1

    def save(self, path):
        names = [group["prefix"] for group in self.course["groups"]]
        dqn.save(path, dict(zip(names, self.learners)))
        return "saved"

    def play(self, actions):
        world = World(self.course, 0)
        seen = world.reset()
        shown = [seen[0][0].tolist()]
        for action in actions:
            seen, earned, _ = world.step([[action]])
            shown.append(seen[0][0].tolist() + [float(earned[0][0])])
        world.close()
        return json.dumps(shown)


def main():
    torch.set_num_threads(1)
    with open(sys.argv[1], encoding="utf-8") as file:
        training = Training(json.load(file))
    answers = sys.stdout
    sys.stdout = sys.stderr  # traci prints while it waits for SUMO
    print("= torch " + torch.__version__, file=answers, flush=True)
    for line in sys.stdin:
        request, argument = line.strip().split(" ", 1)
        if request == "train":
            answer = training.train(int(argument))
        elif request == "save":
            answer = training.save(argument)
        else:
            answer = training.play([int(action) for action in argument.split(",")])
        print("= " + answer, file=answers, flush=True)
    training.worlds.close()


if __name__ == "__main__":
    main()
