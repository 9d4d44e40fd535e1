"""A corpus of log lines whose templates are known, made here: no third party's logs, the same lines on every machine.

The templates are worded as programs of five kinds word them; `{kind}` is a variable of that kind. What is hard about
real logs is in: names without a digit, values of several words, lists of any length, units that change, states and
verbs that look like values but are different events, rare events beside frequent ones.
"""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_SLOT = re.compile(r"\{(\w+)\}")
_LOWER = "abcdefghijklmnopqrstuvwxyz"

SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    "shop": (
        "Order {int} accepted for customer {name}, total {decimal} EUR",
        "Order {int} rejected for customer {name}: insufficient funds",
        "Payment {uuid} authorised via {gateway} in {int} ms",
        "Payment {uuid} declined via {gateway}: code {int}",
        "Cache miss for key {key}, loading from database",
        "Cache hit for key {key}",
        "Retrying request to {url} (attempt {int} of {int})",
        "Circuit breaker '{service}' changed state from {state} to {state}",
        "Connection pool exhausted: active={int}, idle={int}, waiting={int}",
        "HikariPool-1 - Connection is not available, request timed out after {int}ms.",
        "Started ShopApplication in {decimal} seconds (process running for {decimal})",
        "Completed initialization in {int} ms",
        "User {name} logged in from {ip}",
        "User {name} logged out",
        "Published event {uuid} to topic {topic} partition {int} offset {int}",
        "Consumed {int} records from topic {topic}",
        "Exporting {int} metrics to {url} took {size}",
        "Feature flag {flag} is {bool}",
        "Template engine warmed up",
        "Session {hex} expired for user {name}",
        'Executing query "{sql}" took {int} ms',
        "Sending confirmation mail to {mail}",
        "Mail to {mail} bounced: mailbox unavailable",
        "Shutting down gracefully",
    ),
    "node": (
        "Pulling image {image}",
        "Successfully pulled image {image} in {decimal}s",
        "Failed to pull image {image}: rpc error: code = NotFound",
        "Created container {service}",
        "Started container {service}",
        "Stopping container {service}",
        "Back-off restarting failed container {service} in pod {pod}",
        "Readiness probe failed: HTTP probe failed with statuscode: {int}",
        "Liveness probe failed: HTTP probe failed with statuscode: {int}",
        "Node {pod} status is now: NodeReady",
        "Node {pod} status is now: NodeNotReady",
        "MountVolume.SetUp failed for volume {service} : configmap not found",
        "Evicting pod {pod} to reclaim memory",
        "eviction manager: attempting to reclaim ephemeral-storage",
        "Scaled up replica set {pod} to {int}",
        "Scaled down replica set {pod} to {int}",
        "syncing iptables rules took {decimal}ms",
        "Observed a panic: runtime error: index out of range [{int}] with length {int}",
        "lease {hex} renewed by {pod}",
        "dial tcp {ip}:{int}: connect: connection refused",
        "dial tcp {ip}:{int}: i/o timeout",
        "Watch close - {type} total {int} items received",
    ),
    "database": (
        "checkpoint starting: time",
        "checkpoint starting: wal",
        "checkpoint complete: wrote {int} buffers ({decimal}%); {int} WAL file(s) added, {int} removed",
        "connection received: host={ip} port={int}",
        "connection authorized: user={name} database={service} application_name={gateway}",
        "disconnection: session time: {clock} user={name} database={service} host={ip} port={int}",
        'duplicate key value violates unique constraint "{key}"',
        'relation "{key}" does not exist at character {int}',
        "deadlock detected",
        "process {int} waits for ShareLock on transaction {int}; blocked by process {int}.",
        "canceling statement due to statement timeout",
        "canceling statement due to lock timeout",
        'automatic vacuum of table "{key}": index scans: {int}',
        'automatic analyze of table "{key}"',
        "could not receive data from client: Connection reset by peer",
        "terminating connection due to administrator command",
        'temporary file: path "{path}", size {int}',
        'password authentication failed for user "{name}"',
        "database system is ready to accept connections",
        "database system was interrupted; last known up at {date}",
        "redo starts at {int}/{hex}",
        "duration: {decimal} ms  statement: {sql}",
    ),
    "desktop": (
        "The {phrase} service entered the running state.",
        "The {phrase} service entered the stopped state.",
        "Wireless interface {device} associated with {mac}",
        "Wireless interface {device} disassociated: reason {int}",
        "Battery at {int}%, {int} minutes remaining",
        "USB device {device} connected: vendor {hex} product {hex}",
        "USB device {device} removed",
        "Installing update {phrase} ({size})",
        "Update {phrase} installed successfully",
        "Display brightness set to {int}",
        "Could not open {path}: permission denied",
        "Could not open {path}: no such file or directory",
        "Wake reason: lid opened",
        "Wake reason: network activity",
        "Backup of {path} finished: {int} files, {size}",
        "Backup of {path} failed: destination unreachable",
        "Application {class} stopped responding after {int} seconds",
        "[{class}] layout pass exceeded budget by {int} ms",
        "setPowerMode mode={int} screen={bool} caller={class}",
        "session opened for user {name} by (uid={int})",
        "session closed for user {name}",
        "time synchronised with {host} stratum {int}",
    ),
    "cluster": (
        "job {int} submitted by {name} to queue {topic}",
        "job {int} started on {nodes}",
        "job {int} finished with exit code {int}",
        "job {int} killed: walltime exceeded",
        "node {node} marked down by {name}",
        "node {node} marked idle",
        "fan speeds ( {ints} )",
        "temperature of {node} is {int} C, ambient={int}",
        "ECC error corrected on {node} at address {address}",
        "uncorrectable ECC error on {node} at address {address}",
        "link {int} to switch {node} down",
        "link {int} to switch {node} up",
        "machine check interrupt (bit={hexword}): TLB error",
        "generating core.{int}",
        "file system {path} is full",
        "file system {path} is mounted read-only",
        "scheduler cycle took {decimal} s, {int} jobs considered",
        "lost contact with {int} nodes: {names}",
        "reservation {key} created for {name}",
        "reservation {key} deleted",
        "running job script {path}",
    ),
}


def _words(text: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(between))


_NAMES = _words(
    "alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter "
    "zoe anna bruno clara dario elena fabio gina hugo iris jonas"
)
_SERVICES = _words("cart checkout catalogue inventory ledger mailer frontend search shipping billing audit gatekeeper")
_PHRASES = _words(
    "Print Spooler|Windows Time|Software Protection|Remote Registry|Network Location Awareness|Task Scheduler|Fax|"
    "Font Cache Helper|Disk Imaging|Smart Card|Bluetooth Support|Delivery Optimization",
    "|",
)


def _hexadecimal(dice: random.Random, digits: int) -> str:
    return "".join(dice.choice("0123456789abcdef") for _ in range(digits))


_KINDS: Final[dict[str, Callable[[random.Random], str]]] = {
    "int": lambda dice: str(dice.randrange(10 ** dice.randrange(1, 7))),
    "ints": lambda dice: " ".join(str(dice.randrange(4000)) for _ in range(dice.randrange(3, 12))),
    "decimal": lambda dice: f"{dice.uniform(0, 900):.3f}",
    "bool": lambda dice: dice.choice(("true", "false")),
    "name": lambda dice: dice.choice(_NAMES),
    "names": lambda dice: ", ".join(f"node{dice.randrange(90):02d}" for _ in range(dice.randrange(1, 6))),
    "service": lambda dice: dice.choice(_SERVICES),
    "gateway": lambda dice: dice.choice(("adyen", "klarna", "paypal", "stripe", "worldline", "mollie")),
    "topic": lambda dice: dice.choice(("orders", "payments", "refunds", "clicks", "batch", "express", "debugging")),
    "flag": lambda dice: dice.choice(("new-checkout", "dark-mode", "fast-search", "beta-prices", "one-click")),
    "key": lambda dice: f"{dice.choice(_SERVICES)}_{dice.choice(('items', 'index', 'pkey', 'lines'))}",
    "phrase": lambda dice: dice.choice(_PHRASES),
    "class": lambda dice: f"com.example.{dice.choice(_SERVICES)}.{dice.choice(('Main', 'View', 'Loader', 'Sync'))}",
    "type": lambda dice: f"*v1.{dice.choice(('Pod', 'Service', 'Secret', 'ConfigMap', 'Node', 'Lease'))}",
    "state": lambda dice: dice.choice(("CLOSED", "OPEN", "HALF_OPEN")),
    "device": lambda dice: f"{dice.choice(('wlan', 'en', 'usb'))}{dice.randrange(4)}",
    "node": lambda dice: f"{dice.choice(('rack', 'node', 'gpu'))}{dice.randrange(64):02d}",
    "nodes": lambda dice: f"node[{dice.randrange(8):02d}-{dice.randrange(8, 64):02d}]",
    "pod": lambda dice: f"{dice.choice(_SERVICES)}-{_hexadecimal(dice, 9)}-{''.join(dice.choices(_LOWER, k=5))}",
    "image": lambda dice: f"registry.example.com/{dice.choice(_SERVICES)}:v{dice.randrange(9)}.{dice.randrange(40)}.0",
    "host": lambda dice: f"ntp{dice.randrange(4)}.example.com",
    "ip": lambda dice: ".".join(str(dice.randrange(1, 255)) for _ in range(4)),
    "mac": lambda dice: ":".join(_hexadecimal(dice, 2) for _ in range(6)),
    "mail": lambda dice: f"{dice.choice(_NAMES)}@{dice.choice(_SERVICES)}.example.com",
    "url": lambda dice: f"http://{dice.choice(_SERVICES)}.example.com:8080/v1/items/{dice.randrange(900)}",
    "path": lambda dice: f"/var/{dice.choice(_SERVICES)}/{dice.choice(_NAMES)}.dat",
    "uuid": lambda dice: "-".join(_hexadecimal(dice, digits) for digits in (8, 4, 4, 4, 12)),
    "hex": lambda dice: _hexadecimal(dice, 12),
    "hexword": lambda dice: f"0x{_hexadecimal(dice, 2)}",
    "address": lambda dice: f"0x{_hexadecimal(dice, 8)}",
    "clock": lambda dice: f"{dice.randrange(9)}:{dice.randrange(60):02d}:{dice.uniform(0, 59):06.3f}",
    "date": lambda dice: f"2026-11-{dice.randrange(1, 30):02d} {dice.randrange(24):02d}:15:10 UTC",
    "size": lambda dice: f"{dice.uniform(1, 900):.1f} {dice.choice(('KB', 'MB', 'GB'))}",
    "sql": lambda dice: f"SELECT {dice.choice(('id', 'name, price', '*'))} FROM {dice.choice(_SERVICES)} WHERE id = $1",
}


_KINDS.update(
    {
        "core": lambda dice: f"core.{dice.randrange(4000)}",
        "loc": lambda dice: (
            f"R{dice.randrange(80):02d}-M{dice.randrange(2)}-N{dice.randrange(16)}-U{dice.randrange(12):02d}"
        ),
        "hex8": lambda dice: f"0x{_hexadecimal(dice, 8)}",
        "bits": lambda dice: str(dice.randrange(2)),
        "ipport": lambda dice: f"{_KINDS['ip'](dice)}:{dice.randrange(1024, 65000)}",
        "attempt": lambda dice: (
            f"attempt_{dice.randrange(10**13)}_{dice.randrange(99):04d}_m_{dice.randrange(10**6):06d}_0"
        ),
        "container": lambda dice: (
            f"container_{dice.randrange(10**13)}_{dice.randrange(99):04d}_01_{dice.randrange(10**6):06d}"
        ),
        "task": lambda dice: f"task_{dice.randrange(10**13)}_{dice.randrange(99):04d}_m_{dice.randrange(10**6):06d}",
        "tstate": lambda dice: dice.choice(("NEW", "UNASSIGNED", "ASSIGNED", "RUNNING", "SUCCEEDED", "FAILED")),
        "inst": lambda dice: _KINDS["uuid"](dice),
        "pkg": lambda dice: (
            f"com.{dice.choice(('acme', 'example'))}.{dice.choice(('phone', 'launcher', 'mail', 'camera', 'maps'))}"
        ),
        "kb": lambda dice: f"Package_for_KB{dice.randrange(10**7)}~31bf3856ad364e35~amd64~~6.1.1.{dice.randrange(9)}",
        "sess": lambda dice: f"30{dice.randrange(10**6)}_{dice.randrange(10**9)}",
        "rect": lambda dice: (
            f"Rect({dice.randrange(99)}, {dice.randrange(99)} - {dice.randrange(2000)}, {dice.randrange(2000)})"
        ),
        "macapp": lambda dice: dice.choice(
            ("Safari", "Mail", "QQ", "Dock", "Finder", "Microsoft Word", "Google Chrome")
        ),
        "anode": lambda dice: f"{dice.choice(('a', 'b', 'c'))}adminn{dice.randrange(9)}",
        "path2": lambda dice: f"/{dice.choice(('p', 'home'))}/gb{dice.randrange(9)}/{dice.choice(_NAMES)}/map.out",
        "sec": lambda dice: f"{dice.uniform(0, 90):.2f} seconds",
        "word": lambda dice: dice.choice(("alpha", "beta", "gamma", "delta", "omega", "sigma")),
        "hostdom": lambda dice: f"{dice.choice(_NAMES)}.example.com",
        "flt": lambda dice: f"{dice.uniform(0, 1):.6f}",
        "neg": lambda dice: str(-dice.randrange(9)),
        "deb": lambda dice: f"{dice.randrange(9)}.{dice.randrange(40)}.{dice.randrange(9)}-{dice.randrange(9)}~deb12u1",
        "ptopic": lambda dice: (
            f"{dice.choice(('orders', '__consumer_offsets', 'payments', 'clicks'))}-{dice.randrange(50)}"
        ),
        "randomid": lambda dice: (
            f"{''.join(dice.choices('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789', k=19))}-{dice.randrange(10)}x"
        ),
        "apachedate": lambda dice: (
            f"{dice.randrange(1, 30):02d}/Nov/2026:{dice.randrange(24):02d}:{dice.randrange(60):02d}:07 +0000"
        ),
    }
)


def _styles() -> dict[str, tuple[str, ...]]:
    """Further systems, worded as supercomputers, phones, clouds, brokers, proxies and many daemons word their lines."""
    found: dict[str, tuple[str, ...]] = {}
    for block in (Path(__file__).parent / "log_styles.txt").read_text().split("== ")[1:]:
        name, _, templates = block.partition("\n")
        found[name] = tuple(templates.splitlines())
    return found


STYLES: Final = _styles()
"""Written after the rules of the miner, to see what these are worth on systems of other kinds."""


def corpus(system: str, lines: int, *, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Lines of the system, each with its true template; a few templates make most of the lines, as in real logs."""
    dice = random.Random(f"{system}-{seed}")
    templates = list({**SYSTEMS, **STYLES}[system])
    dice.shuffle(templates)
    weights = [1 / (rank + 1) for rank in range(len(templates))]
    for template in dice.choices(templates, weights, k=lines):
        line = _SLOT.sub(lambda slot: _KINDS[slot[1]](dice), template)
        yield line, _SLOT.sub("<*>", template)
