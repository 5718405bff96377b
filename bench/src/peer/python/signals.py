"""One world of SUMO, stepped over traci as sumo-rl steps it: second by second, a call per value, SUMO started anew for
every episode. What a signal sees and earns is Greenwave's: a vehicle is asked for its place and speed once per decision,
for both.
"""

import numpy as np
import traci

METRES = 200.0
ZONES = (0.0, 25.0, 50.0, 100.0)
PER_LANE = len(ZONES) + 2
HALTING = 0.1  # m/s
VEHICLE = 0.1  # what one counts
MOST_MINUTES = 2.0


class Signal:
    """sumo-rl's TrafficSignal: which green is shown, since when, and what comes after yellow."""

    def __init__(self, name, how, timing, connection):
        self.name = name
        self.greens = how["greens"]
        self.yellows = how["yellows"]
        self.lanes = how["lanes"]  # [id, length in m, speed limit in m/s]
        self.yellow_time = timing["yellow_time"]
        self.shortest = timing["yellow_time"] + timing["min_green"]
        self.sumo = connection
        self.green = how["first"]
        self.since_change = 0
        self.in_yellow = False
        self.show(self.greens[self.green])

    def show(self, state):
        self.sumo.trafficlight.setRedYellowGreenState(self.name, state)

    def may_change(self):
        return self.since_change >= self.shortest

    def choose(self, action):
        if action == self.green or not self.may_change():
            return
        self.show(self.yellows[self.green][action])
        self.green = action
        self.since_change = 0
        self.in_yellow = True

    def update(self):
        """After each simulated second."""
        self.since_change += 1
        if self.in_yellow and self.since_change == self.yellow_time:
            self.show(self.greens[self.green])
            self.in_yellow = False

    def look(self, out):
        """Writes the observation to out, f32 [D], and returns the reward."""
        out[:] = 0
        out[self.green] = 1
        place = len(self.greens)
        out[place] = self.may_change()
        out[place + 1] = min(MOST_MINUTES, self.since_change / 60)
        place += 2
        vehicle = self.sumo.vehicle
        lost = 0.0
        for lane, length, limit in self.lanes:
            numbers = [0.0] * PER_LANE
            for name in self.sumo.lane.getLastStepVehicleIDs(lane):
                distance = length - vehicle.getLanePosition(name)
                if distance > METRES:
                    continue
                speed = vehicle.getSpeed(name)
                loss = max(0.0, 1 - speed / limit) if limit > 0 else 0.0
                zone = len(ZONES) - 1
                while distance < ZONES[zone] and zone > 0:
                    zone -= 1
                numbers[zone] += VEHICLE
                if speed < HALTING:
                    numbers[-2] += VEHICLE
                numbers[-1] += VEHICLE * loss
                lost += loss
            out[place : place + PER_LANE] = numbers
            place += PER_LANE
        return -lost / len(self.lanes)


class World:
    """Episodes of one world. Observations and rewards are by group, f32 [agents, D] and [agents]."""

    def __init__(self, course, number):
        self.course = course
        self.number = number
        self.label = f"world-{number}"
        self.episode = 0
        self.sumo = None

    def reset(self):
        self.close()
        course = self.course
        seed = course["first_seed"] + self.episode * course["worlds"] + self.number
        self.episode += 1
        traci.start(course["command"] + ["--seed", str(seed)], label=self.label)
        self.sumo = traci.getConnection(self.label)
        self.signals = [
            [Signal(name, course["signals"][name], course, self.sumo) for name in group["agents"]]
            for group in course["groups"]
        ]
        self.left = course["decisions"]
        return self.look()[0]

    def step(self, actions):
        """Takes a decision per signal, by group; at an episode's end the next one has begun."""
        for group, chosen in zip(self.signals, actions):
            for signal, action in zip(group, chosen):
                signal.choose(int(action))
        for _ in range(self.course["delta_time"]):
            self.sumo.simulationStep()
            for group in self.signals:
                for signal in group:
                    signal.update()
        seen, earned = self.look()
        self.left -= 1
        if self.left > 0:
            return seen, earned, None
        return self.reset(), earned, seen  # last: the final observation

    def look(self):
        seen = []
        earned = []
        for group, signals in zip(self.course["groups"], self.signals):
            rows = np.empty((len(signals), group["obs_size"]), np.float32)
            earned.append(np.array([s.look(row) for s, row in zip(signals, rows)], np.float32))
            seen.append(rows)
        return seen, earned

    def close(self):
        if self.sumo is not None:
            traci.switch(self.label)
            traci.close()
            self.sumo = None
