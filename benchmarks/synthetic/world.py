"""A random shop: services, who calls whom, and how each behaves when all is well."""

import random
from dataclasses import dataclass, field

WORDS = (
    "basket", "billing", "browse", "campaign", "courier", "coupon", "delivery", "discount", "profile",
    "gallery", "gateway", "invoice", "ledger", "listing", "loyalty", "mailer", "matching", "menu", "notice",
    "parcel", "planner", "pricing", "quotes", "rating", "refund", "rental", "route", "search", "seating",
    "session", "shelf", "signup", "stock", "survey", "tariff", "ticket", "travel", "vendor", "voucher",
    "wallet", "wishlist",
)  # fmt: skip
STORES = ("postgres", "mongo", "redis", "mysql")


@dataclass
class Service:
    """What one service does when all is well; `store` marks a database, which writes no spans."""

    name: str
    store: bool = False
    calls: list[str] = field(default_factory=list)
    own_ms: float = 5.0
    cpu_per_request: float = 0.002
    memory: float = 2e8
    disk: float = 1e4
    sockets: int = 20


@dataclass
class World:
    """The services by name; the first is the entry."""

    services: dict[str, Service]

    @property
    def entry(self) -> str:
        return next(iter(self.services))

    def callers(self, name: str) -> list[str]:
        return [one.name for one in self.services.values() if name in one.calls]

    def edges(self) -> list[tuple[str, str]]:
        return [(one.name, callee) for one in self.services.values() for callee in one.calls]

    def upstream(self, name: str) -> list[str]:
        """All that call it, directly or not, the nearest first."""
        found, todo = [], [name]
        while todo:
            for caller in self.callers(todo.pop(0)):
                if caller not in found:
                    found.append(caller)
                    todo.append(caller)
        return found


def a_world(chance: random.Random, size: int) -> World:
    """A graph in layers, an entry above; some services have a store of their own."""
    style = chance.choice(("{}", "{}service", "{}-service", "ts-{}-service"))
    names = [style.format(word) for word in chance.sample(WORDS, size - 1)]
    entry = Service(chance.choice(("frontend", "front-end", "edge", "web-ui")), own_ms=chance.uniform(3, 15))
    services = [entry, *(_service(name, chance) for name in names)]
    for place, one in enumerate(services[1:], start=1):
        above = services[max(0, place - 6) : place] if place > 4 else services[:1]
        for caller in chance.sample(above, min(len(above), chance.choice((1, 1, 2)))):
            caller.calls.append(one.name)
    for one in list(services[1:]):
        if chance.random() < 0.3:
            store = _service(f"{one.name}-{chance.choice(STORES)}", chance)
            store.store, store.own_ms = True, chance.uniform(0.5, 3)
            one.calls.append(store.name)
            services.append(store)
    return World({one.name: one for one in services})


def _service(name: str, chance: random.Random) -> Service:
    return Service(
        name,
        own_ms=10 ** chance.uniform(0.2, 1.6),
        cpu_per_request=10 ** chance.uniform(-3.5, -2),
        memory=10 ** chance.uniform(7.5, 9.2),
        disk=0.0 if chance.random() < 0.4 else 10 ** chance.uniform(2, 5),
        sockets=chance.randrange(4, 80),
    )
