"""What the observation `approach` and the reward `time-loss` are, computed by SUMO's own Python client from their definition.

usage: make_approach.py FOLDER, with SUMO's tools (traci, sumolib) on the path; netconvert and sumo 1.15.
Writes FOLDER/approach.net.xml from the sources there, and FOLDER/expected.json: random actions at both signals, and after
each of them what both see and earn. `C` has a road that widens 30 m before it, a merge without a signal 90 m further up,
and a neighbour with a signal, `D`, behind which it does not look.
"""

import json
import random
import subprocess
import sys

import sumolib
import traci

FOLDER = sys.argv[1]
NET = FOLDER + "/approach.net.xml"
SEED, END = 42, 300
DELTA, YELLOW, MIN_GREEN = 5, 2, 5
METRES = 200


def build():
    files = {flag: f"{FOLDER}/approach.{kind}.xml" for flag, kind in (("-n", "nod"), ("-e", "edg"))}
    arguments = [part for pair in files.items() for part in pair]
    subprocess.run(["netconvert", *arguments, "--no-turnarounds", "-o", NET], check=True, stdout=subprocess.DEVNULL)
    lines = open(NET).read().split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith("<!-- generated on"))
    end = next(i for i in range(begin, len(lines)) if lines[i].startswith("-->"))
    open(NET, "w").write("\n".join(lines[:begin] + lines[end + 1:]))  # a date and paths


def approach(net, lane):
    """[(lane, metres between its end and the stop line)]: upstream, nearest first, not across signals."""
    found = [(net.getLane(lane), 0.0)]
    for here, downstream in found:
        behind = downstream + here.getLength()
        if behind >= METRES:
            continue
        for before in net.getEdges():
            for other in before.getLanes():
                joins = [c for c in other.getOutgoing() if c.getToLane() is here and not c.getTLSID()]
                if joins and all(other is not known for known, _ in found):
                    found.append((other, behind))
    return found


class Signal:
    def __init__(self, name, net):
        self.name = name
        phases = traci.trafficlight.getAllProgramLogics(name)[0].phases
        self.greens = [p.state for p in phases if "y" not in p.state]
        self.lanes = [approach(net, lane) for lane in dict.fromkeys(traci.trafficlight.getControlledLanes(name))]
        self.green, self.since, self.yellow = 0, 0, 0
        traci.trafficlight.setRedYellowGreenState(name, self.greens[0])

    def decide(self, action):
        if action == self.green or self.since < YELLOW + MIN_GREEN:
            return
        old, new = self.greens[self.green], self.greens[action]
        state = "".join("y" if a in "Gg" and b == "r" else a for a, b in zip(old, new))
        traci.trafficlight.setRedYellowGreenState(self.name, state)
        self.green, self.since, self.yellow = action, 0, YELLOW

    def second(self):
        self.since += 1
        if self.yellow and self.since == self.yellow:
            traci.trafficlight.setRedYellowGreenState(self.name, self.greens[self.green])
            self.yellow = 0

    def see(self):
        """(observation, reward)"""
        numbers = [float(i == self.green) for i in range(len(self.greens))]
        numbers += [float(self.since >= YELLOW + MIN_GREEN), min(2.0, self.since / 60)]
        lost = 0.0
        for lanes in self.lanes:
            zones, halting, loss = [0, 0, 0, 0], 0, 0.0
            for lane, downstream in lanes:
                for vehicle in traci.lane.getLastStepVehicleIDs(lane.getID()):
                    distance = downstream + lane.getLength() - traci.vehicle.getLanePosition(vehicle)
                    if distance > METRES:
                        continue
                    speed = traci.vehicle.getSpeed(vehicle)
                    zones[0 if distance < 25 else 1 if distance < 50 else 2 if distance < 100 else 3] += 1
                    halting += speed < 0.1
                    loss += max(0.0, 1 - speed / lane.getSpeed())
            numbers += [n / 10 for n in (*zones, halting, loss)]
            lost += loss
        return numbers, -lost / len(self.lanes)


def main():
    build()
    net = sumolib.net.readNet(NET)
    options = "--max-depart-delay -1 --waiting-time-memory 1000 --time-to-teleport -1 --no-warnings --no-step-log"
    traci.start(["sumo", "-n", NET, "-r", FOLDER + "/approach.rou.xml", "--seed", str(SEED), *options.split()])
    signals = {name: Signal(name, net) for name in ("C", "D")}
    rng = random.Random(7)
    decisions = []
    for _ in range(END // DELTA):
        actions = {name: rng.randrange(len(signal.greens)) for name, signal in signals.items()}
        for name, signal in signals.items():
            signal.decide(actions[name])
        for _ in range(DELTA):
            traci.simulationStep()
            for signal in signals.values():
                signal.second()
        seen = {name: signal.see() for name, signal in signals.items()}
        decisions.append({name: {"action": actions[name], "obs": seen[name][0], "reward": seen[name][1]} for name in signals})
    traci.close()
    lanes = {name: [[lane.getID() for lane, _ in lanes] for lanes in signal.lanes] for name, signal in signals.items()}
    with open(FOLDER + "/expected.json", "w") as out:
        out.write('{"seed": %d, "end": %d, "lanes": %s, "decisions": [\n' % (SEED, END, json.dumps(lanes)))
        out.write(",\n".join(json.dumps(decision) for decision in decisions) + "\n]}\n")


main()
