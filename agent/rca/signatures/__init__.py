"""Known failures by what they write: patterns as data over log lines, Kubernetes output and notes.

Belongs here: the shape of a pattern, and finding it fast in much text. Does not belong here: the patterns themselves
(`agent/rca/patterns/*.yml`), reading them from disk (the wiring does), or states of objects (`agent.rca.cluster`).
"""

from agent.rca.signatures.consumers import slow_consumers
from agent.rca.signatures.matching import claims_of_patterns
from agent.rca.signatures.pattern import Pattern, patterns_of

__all__ = ["Pattern", "claims_of_patterns", "patterns_of", "slow_consumers"]
