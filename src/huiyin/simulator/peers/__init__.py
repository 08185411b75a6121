"""Stand in for Taobao, Pinduoduo, Douyin and Kuaishou: four strict order gateways over one small world.

Walks in:  signed order look-ups, each in its platform's form.
Walks out: orders and refusals in each platform's shape; mischief on demand.
Not here:  chat, tokens that end, anything of Huiyin's insides; it is an HTTP neighbour like the simulated JD.
"""

from huiyin.simulator.peers.serving import Peers
from huiyin.simulator.peers.world import PeerFaults, PeerKeys, PeerOrder, PeerWorld, planted_orders

__all__ = ["PeerFaults", "PeerKeys", "PeerOrder", "PeerWorld", "Peers", "planted_orders"]
