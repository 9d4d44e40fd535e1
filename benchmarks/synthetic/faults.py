"""What each fault does: to the service itself, and to the others by way of calls."""

import random
from dataclasses import dataclass, field

from benchmarks.synthetic.world import World

RESOURCE = ("cpu", "mem", "disk", "socket")
NETWORK = ("delay", "loss")
CODE = ("exception", "wrong-value", "slow-code")
KINDS = (*RESOURCE, *NETWORK, *CODE)


@dataclass
class Effect:
    """Factors and additions on one service from onset on; 1 and 0 are as usual."""

    load: float = 1.0
    cpu: float = 1.0
    cpu_add: float = 0.0
    memory_ramp: float = 0.0
    memory_step: float = 1.0
    disk_add: float = 0.0
    sockets: float = 1.0
    own_ms_add: float = 0.0
    net_ms: float = 0.0
    error_share: float = 0.0
    burst: float = 0.0


@dataclass
class Fault:
    """The labelled fault, and its effects by service."""

    kind: str
    culprit: str
    effects: dict[str, Effect] = field(default_factory=dict)


def a_fault(world: World, kind: str, chance: random.Random) -> Fault:
    """A fault of this kind in a random service, strong or faint."""
    names = [one.name for one in world.services.values() if not one.store or kind in RESOURCE]
    culprit = chance.choice(names[1:])
    service = world.services[culprit]
    here = Effect()
    strength = chance.uniform(0.4, 1.6)
    usual_cpu = service.cpu_per_request * 40
    if kind == "cpu":
        here.cpu_add = usual_cpu * chance.uniform(1.5, 20) * strength
        here.own_ms_add = service.own_ms * chance.uniform(0.3, 20) * strength
    elif kind == "mem":
        here.memory_ramp = max(chance.uniform(0.3, 2.0), 6e7 / service.memory) * strength
        here.cpu_add = usual_cpu * chance.choice((0.0, 0.3, 2.0, 6.0))
        here.own_ms_add = service.own_ms * chance.uniform(0, 1.5)
    elif kind == "disk":
        here.disk_add = 10 ** chance.uniform(5.5, 8) * strength
        here.cpu_add = usual_cpu * chance.choice((0.0, 0.4, 1.5))
        here.own_ms_add = service.own_ms * chance.uniform(0, 3)
    elif kind == "socket":
        here.sockets = 1 + chance.uniform(1.5, 20) * strength
        here.cpu_add = usual_cpu * chance.uniform(0, 1)
        here.own_ms_add = service.own_ms * chance.uniform(0, 1)
    elif kind == "delay":
        here.net_ms = chance.uniform(40, 400) * strength
    elif kind == "loss":
        here.net_ms = chance.uniform(15, 120) * strength
        here.error_share = chance.uniform(0.0, 0.15)
        here.sockets = chance.choice((1.0, 1.4))
    elif kind == "slow-code":
        here.own_ms_add = chance.uniform(30, 300) * strength
        here.cpu = chance.choice((1.0, 1.2))
    else:
        here.error_share = chance.uniform(0.1, 1.0)
    fault = Fault(kind, culprit, {culprit: here})
    for name in chance.sample(sorted(set(world.services) - {culprit}), chance.choice((0, 1, 2, 3))):
        other = Effect()
        fault.effects[name] = other
        other.burst = chance.choice((0.0, chance.uniform(2, 30)))
        other.memory_step = chance.choice((1.0, 1.05, 1.2))
        other.cpu = chance.choice((1.0, 1.3))
    slow = (here.own_ms_add + here.net_ms) / 120
    drop = 1 / (1 + slow * chance.uniform(0.1, 0.6))
    for name in world.services:
        fault.effects.setdefault(name, Effect()).load *= drop if chance.random() < 0.9 else 1.0
    return fault
