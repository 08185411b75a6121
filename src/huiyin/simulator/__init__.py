"""Stand in for JD: a strict gateway with a small world behind it, and customers who talk.

Walks in:  signed calls of JOS (routerjson) and SP-API (REST), token refreshes, loopback control calls.
Walks out: JD-shaped answers and refusals; signed chat deliveries pushed to a hook address.
Not here:  anything of Huiyin's insides; it is an HTTP neighbour and could run on another machine.
"""

from huiyin.simulator.faults import Faults
from huiyin.simulator.serving import Simulator, create_app, run_simulator
from huiyin.simulator.settings import ShopSeed, SimulatorSettings, demo_shops

__all__ = [
    "Faults",
    "ShopSeed",
    "Simulator",
    "SimulatorSettings",
    "create_app",
    "demo_shops",
    "run_simulator",
]
