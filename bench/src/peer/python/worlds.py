"""Worlds side by side: one in this process, several in a process each, as Stable-Baselines3 runs them (SubprocVecEnv)."""

import multiprocessing

from signals import World


class LoneWorld:
    def __init__(self, course):
        self.world = World(course, 0)

    def reset(self):
        return [self.world.reset()]

    def step(self, actions):
        return [self.world.step(actions[0])]

    def close(self):
        self.world.close()


def serve(pipe, course, number):
    world = World(course, number)
    pipe.send(world.reset())
    while (actions := pipe.recv()) is not None:
        pipe.send(world.step(actions))
    world.close()


class WorldProcesses:
    def __init__(self, course):
        self.course = course
        self.pipes = []
        self.processes = []

    def reset(self):
        context = multiprocessing.get_context("fork")
        for number in range(self.course["worlds"]):
            here, there = context.Pipe()
            process = context.Process(target=serve, args=(there, self.course, number), daemon=True)
            process.start()
            there.close()
            self.pipes.append(here)
            self.processes.append(process)
        return [pipe.recv() for pipe in self.pipes]

    def step(self, actions):
        for pipe, chosen in zip(self.pipes, actions):
            pipe.send(chosen)
        return [pipe.recv() for pipe in self.pipes]

    def close(self):
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(10)


def open_worlds(course):
    return LoneWorld(course) if course["worlds"] == 1 else WorldProcesses(course)
