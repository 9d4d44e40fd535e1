"""Series and spans of a world before and during a fault."""

import math
import random
from collections.abc import Iterator
from typing import Any

from benchmarks.synthetic.faults import Fault
from benchmarks.synthetic.world import World

STYLES = {
    "short": {"cpu": "cpu", "mem": "mem", "load": "lod", "p50": "lat_50", "p90": "lat_90", "errors": "err"},
    "plain": {
        "cpu": "cpu", "mem": "mem", "disk": "diskio", "sockets": "socket", "load": "workload", "errors": "error",
        "p50": "latency-50", "p90": "latency-90",
    },
    "exporters": {
        "cpu": "container-cpu-usage-seconds-total", "mem": "container-memory-working-set-bytes",
        "rss": "container-memory-rss", "disk": "container-fs-writes-bytes-total", "sockets": "container-sockets",
        "net": "container-network-receive-bytes-total", "threads": "container-threads", "load": "istio-request-total",
        "p50": "istio-latency-50", "p90": "istio-latency-99", "errors": "istio-error-total",
        "quota": "container-spec-cpu-quota", "start": "container-start-time-seconds",
    },
}  # fmt: skip
METRIC_OF_FAULT = {"cpu": "cpu", "mem": "mem", "disk": "disk", "socket": "sockets", "delay": "p50", "loss": "p50"}


class Telemetry:
    """Rows of every service; `onset` is the row of the fault."""

    def __init__(self, world: World, fault: Fault, chance: random.Random, rows: int, onset: int, style: str) -> None:
        self.world, self.fault, self.chance, self.rows, self.onset = world, fault, chance, rows, onset
        self.names = STYLES[style]
        self.jitter = chance.choice((0.03, 0.1, 0.25))
        self.counters = style == "exporters" and chance.random() < 0.4
        self._latency: dict[str, list[float]] = {}
        self.tables = {name: self._table(name) for name in reversed(list(world.services))}

    def _table(self, name: str) -> dict[str, list[float]]:
        chance, service, effect = self.chance, self.world.services[name], self.fault.effects[name]
        table: dict[str, list[float]] = {key: [] for key in self.names}
        noise, drift = chance.choice((0.03, 0.1, 0.3)), chance.uniform(-0.1, 0.1)
        wander = 0.0
        spiky = chance.random() < 0.25
        step_at = chance.randrange(self.rows) if chance.random() < 0.1 else self.rows
        latency = self._latency.setdefault(name, [])
        share = 1.0 / max(1, len(self.world.services) // 3)
        for row in range(self.rows):
            on = row >= self.onset
            wander = 0.95 * wander + chance.gauss(0, 0.05)
            load = 40 * share * (1 + 0.1 * math.sin(row / 60) + wander) * (effect.load if on else 1.0)
            load = max(0.1, load * math.exp(chance.gauss(0, noise)))
            cpu = load * service.cpu_per_request * math.exp(chance.gauss(0, noise))
            cpu *= chance.uniform(2, 6) if spiky and chance.random() < 0.02 else 1.0
            if on:
                cpu = cpu * effect.cpu + effect.cpu_add * math.exp(chance.gauss(0, 0.1))
                cpu *= 1 + effect.burst * (self.onset + 20 <= row < self.onset + 20 + self.rows // 60)
            memory = (
                service.memory * (1 + drift * row / self.rows + 0.02 * ((row % 90) / 90)) * (1 + chance.gauss(0, 0.003))
            )
            if row >= step_at:
                cpu *= 1.3
                memory *= 1.05
            if on:
                risen = min(1.0, (row - self.onset + 1) / (0.4 * (self.rows - self.onset)))
                memory *= effect.memory_step
                memory += service.memory * effect.memory_ramp * risen
            disk = service.disk * (
                chance.uniform(5, 50) if chance.random() < 0.03 else math.exp(chance.gauss(0, noise))
            )
            if on:
                disk += effect.disk_add * math.exp(chance.gauss(0, 0.2))
            sockets = round(service.sockets * (effect.sockets if on else 1.0) * (1 + chance.gauss(0, 0.03)))
            own = service.own_ms * math.exp(chance.gauss(0, self.jitter)) + (effect.own_ms_add if on else 0.0)
            waits = sum(self._latency[callee][row] for callee in service.calls if callee in self._latency)
            net = effect.net_ms * (chance.choice((0, 0, 3)) if self.fault.kind == "loss" else 1.0) if on else 0.0
            ms = own + waits + net + (net * len(service.calls) * 0.5)
            latency.append(ms)
            errors = load * (effect.error_share if on else 0.0) + (1.0 if chance.random() < 0.01 else 0.0)
            below = sum(self.fault.effects[callee].error_share for callee in service.calls) if on else 0.0
            errors += load * min(1.0, below) * 0.5
            tail = ms * (1.5 + abs(chance.gauss(0, 0.3)))
            cells = {
                "cpu": cpu, "mem": memory, "rss": memory * 0.9, "disk": disk, "sockets": float(sockets), "load": load,
                "net": load * 900 * math.exp(chance.gauss(0, noise)), "threads": float(12 + service.sockets // 4),
                "p50": ms / 1000, "p90": tail / 1000, "errors": errors, "quota": 100000.0, "start": 1.7e9,
            }  # fmt: skip
            for key in table:
                table[key].append(cells[key])
        return self._exported(table, store=service.store)

    def _exported(self, table: dict[str, list[float]], *, store: bool) -> dict[str, list[float]]:
        """As the exporter tells it: counted up where it counts; nothing of a database's requests."""
        if self.counters:
            for key in ("cpu", "disk", "net", "load", "errors"):
                table[key] = _summed(table[key])
        hidden = {"p50", "p90", "errors", "load"} if store else set()
        return {key: values for key, values in table.items() if key not in hidden}

    def csv(self, name: str, start: int, step: int) -> str:
        """The service's file; some cells are missing, as scrapes fail."""
        table = self.tables[name]
        lines = [",".join(["time", *(self.names[key] for key in table)])]
        for row in range(self.rows):
            cells = ["" if self.chance.random() < 0.004 else f"{values[row]:.7g}" for values in table.values()]
            lines.append(",".join([str(start + step * row), *cells]))
        return "\n".join(lines) + "\n"

    def spans(self, start: int, step: int, traces: int) -> Iterator[dict[str, Any]]:
        """Traces over the whole time, a client and a server span a call, or server spans alone."""
        clients = self.chance.random() < 0.6
        for number in range(traces):
            row = self.rows * number // traces
            at = start + step * row + self.chance.random() * step
            yield from self._request(f"t{number:05x}", self.world.entry, None, at, row, clients, 0)[1]

    def _request(
        self, trace: str, name: str, parent: str | None, at: float, row: int, clients: bool, depth: int
    ) -> tuple[float, list[dict[str, Any]], bool]:
        chance, service = self.chance, self.world.services[name]
        effect = self.fault.effects[name]
        on = row >= self.onset
        own = service.own_ms * math.exp(chance.gauss(0, 0.25)) + (effect.own_ms_add if on else 0.0)
        failed = on and chance.random() < effect.error_share and self.fault.kind in {"exception", "loss"}
        own_id = f"{chance.getrandbits(64):016x}"
        total, found = own, []
        for callee in service.calls:
            if self.world.services[callee].store:
                total += self.world.services[callee].own_ms + (self.fault.effects[callee].own_ms_add if on else 0.0)
                continue
            if chance.random() < 0.15 or depth > 6:
                continue
            client_id = f"{chance.getrandbits(64):016x}" if clients else own_id
            net = 0.4
            for end in (name, callee):
                if on:
                    loss = self.fault.kind == "loss"
                    net += self.fault.effects[end].net_ms * (chance.choice((0.0, 0.0, 2.5)) if loss else 1.0)
            took, below, bad = self._request(trace, callee, client_id, at + total / 1000, row, clients, depth + 1)
            found += below
            if clients:
                found.append(
                    _span(trace, client_id, own_id, name, f"shop.{callee}/Do", at + total / 1000, took + net, bad)
                )
            failed = failed or (bad and chance.random() < 0.7)
            total += took + net
        found.append(_span(trace, own_id, parent, name, f"/shop.{name}/Do", at, total, failed))
        return total, found, failed


def _span(
    trace: str, span: str, parent: str | None, service: str, operation: str, at: float, ms: float, failed: bool
) -> dict[str, Any]:
    return {
        "trace_id": trace, "span_id": span, "parent_id": parent, "service": service, "operation": operation,
        "start": round(at, 6), "duration_ms": round(ms, 3), "status": "ERROR" if failed else "",
    }  # fmt: skip


def _summed(values: list[float]) -> list[float]:
    total, found = 1000.0, []
    for value in values:
        total += value
        found.append(total)
    return found
