"""One world stepped from Python as sumo-rl steps it: second by second, a call per value.

Arguments: traci | libsumo, then a JSON file: command (SUMO's line), seconds (per decision), decisions, and
signals by ID, each with its lanes and its changes [second, state]. Prints the seconds that all decisions took.
"""

import importlib
import json
import sys
import time


def accumulated_waiting(sumo, lane, charged):
    total = 0.0
    for vehicle in sumo.lane.getLastStepVehicleIDs(lane):
        here = sumo.vehicle.getLaneID(vehicle)
        accumulated = sumo.vehicle.getAccumulatedWaitingTime(vehicle)
        book = charged.setdefault(vehicle, {})
        book[here] = accumulated - sum(book[other] for other in book if other != here)
        total += book[here]
    return total


def main():
    sumo = importlib.import_module(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        task = json.load(file)
    changes = {}
    for signal, how in task["signals"].items():
        for second, state in how["changes"]:
            changes.setdefault(second, []).append((signal, state))
    charged = {}
    seen = 0.0
    sumo.start(task["command"])
    begin = time.perf_counter()
    second = 0
    for _ in range(task["decisions"]):
        for _ in range(task["seconds"]):
            for signal, state in changes.get(second, ()):
                sumo.trafficlight.setRedYellowGreenState(signal, state)
            sumo.simulationStep()
            second += 1
        for how in task["signals"].values():
            for lane in how["lanes"]:
                seen += sumo.lane.getLastStepVehicleNumber(lane)
                seen += sumo.lane.getLastStepHaltingNumber(lane)
                seen += sumo.lane.getLastStepLength(lane)
                seen += accumulated_waiting(sumo, lane, charged)
    print(time.perf_counter() - begin)
    sumo.close()


main()
