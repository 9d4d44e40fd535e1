"""What package managers and audits write."""

from agent.rca.jobs.rule import Rule, rule

_FIX = "Correct the named version or the lock file, and install again."

DEPENDENCIES: tuple[Rule, ...] = (
    rule(
        "audit",
        "dependency-audit",
        "The dependency audit finds vulnerabilities",
        r"(?i)^\W*\d+ vulnerabilit(?:y|ies) found|GHSA-[\w-]{14}|RUSTSEC-\d+|^found \d+ .*vulnerabilit",
        0.92,
        "Update the named package to a patched version, or record the exception.",
        r"(?i)GHSA-|\bPackage\s+│ (?P<item>\S+)|Vulnerable versions|Patched versions|Severity:|vulnerabilit|audit",
    ),
    rule(
        "npm",
        "dependency-resolution",
        "The package manager cannot install the dependencies",
        r"(?:npm (?:ERR!|error) (?:code )?(?:ERESOLVE|E404|ETARGET|EINTEGRITY|EUSAGE|EBADENGINE|"
        r"notarget))|ERR_PNPM_(?!RECURSIVE)\w+|"
        r"YN\d{4}: .*(?:lockfile would|not found|No candidates)|Your lockfile needs to be updated|ENOLOCK",
        0.9,
        _FIX,
        r"npm (?:ERR!|error) |Found: |peer ",
    ),
    rule(
        "pip",
        "dependency-resolution",
        "Python packages cannot be installed",
        r"ERROR: (?:Could not find a version|No matching distribution found for (?P<item>\S+)|"
        r"Cannot install|ResolutionImpossible|"
        r"Failed building wheel)|No solution found when resolving|SolverProblemError|"
        r"error: metadata-generation-failed",
        0.8,
        _FIX,
        r"^\s*(?:×|╰─>|because|And because)|requires",
    ),
    rule(
        "java-dependency",
        "dependency-resolution",
        "A dependency cannot be resolved",
        r"Could not resolve (?:all |dependencies|artifact)|Could not find artifact (?P<item>\S+)|"
        r"Could not find \S+:\S+:\S+",
        0.88,
        _FIX,
        r"Required by|was not found in",
    ),
    rule(
        "cargo-go-dependency",
        "dependency-resolution",
        "A dependency cannot be resolved",
        r"error: failed to (?:select a version|get `|download)|no matching package named|"
        r"^go: .*(?:unknown revision|missing go\.sum|"
        r"updates to go\.mod needed)|checksum mismatch|the lock file .* needs to be updated",
        0.88,
        _FIX,
    ),
    rule(
        "apt",
        "dependency-resolution",
        "System packages cannot be installed",
        r"E: Unable to locate package (?P<item>\S+)|E: Unable to"
        r" (?:fetch|correct)|Error: No available formula",
        0.88,
        _FIX,
    ),
    rule(
        "ruby-php-dependency",
        "dependency-resolution",
        "The dependencies cannot be resolved",
        r"Bundler could not find|Could not find gem|Your requirements could not be resolved",
        0.88,
        _FIX,
        r"Problem \d",
    ),
)
