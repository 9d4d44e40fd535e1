"""What breaks systems without anybody changing code: seen in the evidence, it speaks against every commit."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outside:
    """A cause outside of the code, by what is then seen."""

    name: str
    category: str
    seen: re.Pattern[str]
    told: str


def _outside(name: str, category: str, pattern: str, told: str) -> Outside:
    return Outside(name, category, re.compile(pattern, re.IGNORECASE), told)


OUTSIDE = (
    _outside(
        "certificate-expired", "certificate-expired",
        r"certificate (?:has |is )?expired|cert\w* .{0,40}expired|x509: .{0,40}expired|notAfter.{0,60}expired",
        "a TLS certificate expired",
    ),
    _outside(
        "node-contention", "noisy-neighbour",
        r"cpu contended|node .{0,60}(?:under|pressure)|MemoryPressure|DiskPressure|noisy neighbou?r|steal time",
        "another workload takes the node's resources",
    ),
    _outside(
        "provider-outage", "provider-outage",
        r"(?:provider|region|availability zone|third.party|vendor).{0,60}(?:outage|incident|degrad|unavailab)|"
        r"(?:outage|major incident|degraded performance).{0,60}(?:provider|region|zone|service)",
        "something outside that is depended on is down",
    ),
    _outside(
        "quota-reached", "quota-exceeded",
        r"quota exceeded|rate limit exceeded|RESOURCE_EXHAUSTED|limit exceeded for account",
        "a quota or rate limit of a provider is reached",
    ),
    _outside(
        "disk-full", "disk-full",
        r"no space left on device|disk (?:is )?full|ENOSPC|could not extend file",
        "a disk is full",
    ),
    _outside(
        "name-resolution", "dns-resolution",
        r"no such host|name resolution|NXDOMAIN|SERVFAIL|getaddrinfo|could not resolve",
        "a name does not resolve",
    ),
    _outside(
        "node-lost", "node-lost",
        r"NodeNotReady|node .{0,40}(?:not ready|preempt|lost)|spot .{0,30}(?:interrupt|reclaim)|kernel panic",
        "a node went away",
    ),
    _outside(
        "traffic-surge", "load-change",
        r"traffic (?:surge|spike)|\d+x (?:normal|usual) traffic|bot traffic|crawler|flash sale|ddos|request flood",
        "there is far more traffic than usual",
    ),
)  # fmt: skip
