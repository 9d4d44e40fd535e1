"""What package managers and audits write."""

from agent.rca.jobs.rule import Rule, rule

_FIX = "Correct the named version or the lock file, and install again."
_LOCK = "Update the lock file and commit it."

DEPENDENCIES: tuple[Rule, ...] = (
    rule(
        "audit",
        "dependency-audit",
        "The dependency audit finds vulnerabilities",
        r"(?i)^\W*[1-9]\d* vulnerabilit(?:y|ies) found|GHSA-[\w-]{14}|RUSTSEC-\d+|^found [1-9]\d* .*vulnerabilit|"
        r"^error: [1-9]\d* vulnerabilit|Found [1-9]\d* known vulnerabilit|^Total: \d+ \(.*(?:HIGH|CRITICAL): [1-9]",
        0.92,
        "Update the named package to a patched version, or record the exception.",
        r"(?i)GHSA-|\bPackage\s+│ (?P<item>\S+)|^Crate:\s+(?P<item_of>\S+)|^(?:Version|Title|Solution|ID):|"
        r"Vulnerable versions|Patched versions|"
        r"Severity:|vulnerabilit|│ (?:low|moderate|high|critical)\s+│|^# (?P<item_at>[\w@/-]+)$|CVE-\d{4}-\d+",
    ),
    rule(
        "npm",
        "dependency-resolution",
        "The package manager cannot install the dependencies",
        r"(?:npm (?:ERR!|error) (?:code )?(?:ERESOLVE|E404|ETARGET|EINTEGRITY|EUSAGE|EBADENGINE|EBADPLATFORM|"
        r"ENOVERSIONS|notarget))|"
        r"ERR_PNPM_(?!RECURSIVE|FETCH)\w+|"
        r"YN\d{4}: .*(?:lockfile would|not found|No candidates)|Your lockfile needs to be updated|ENOLOCK|"
        r"^error Couldn't find (?:package|any versions)|^error .*Not found\"?\.$|^error: lockfile had changes|"
        r"The engine \"\w+\" is incompatible",
        0.9,
        _FIX,
        r"npm (?:ERR!|error) |Found: |peer |^\s*\* \d+ dependenc|YN\d{4}: .*│ \S",
    ),
    rule(
        "pip",
        "dependency-resolution",
        "Python packages cannot be installed",
        r"ERROR: (?:Could not find a version|No matching distribution found for (?P<item>\S+)|Cannot install|"
        r"ResolutionImpossible|"
        r"Failed (?:building wheel|to build)|Package .* requires a different Python|THESE PACKAGES DO NOT MATCH)|"
        r"No solution found when resolving|SolverProblemError|version solving failed|error: metadata-generation-failed|"
        r"PackagesNotFoundError|ResolvePackageNotFound|UnsatisfiableError|Could not solve for environment|"
        r"does not exist \(perhaps a typo or a missing channel|Failed to build `",
        0.82,
        _FIX,
        r"^\s*(?:×|╰─>|because|And because|├─|└─)|requires|depends on|^  - \S|Error: ",
    ),
    rule(
        "lock-file",
        "dependency-resolution",
        "The lock file does not fit the project's dependencies",
        r"(?i)lockfile at `?\S+`? needs to be updated|changed significantly since \S+ was last generated|"
        r"lock ?file .*(?:is not up to date|out of sync|out of date|outdated)|"
        r"the lock file .* needs to be updated|frozen mode is set|your bundle is (?:locked|frozen)|"
        r"deployment mode.*Gemfile|"
        r"The lock file is not up to date with|Provided `?Cargo\.lock`?|(?:go\.mod|go\.sum) .*(?:not tidy|out of date)",
        0.9,
        _LOCK,
    ),
    rule(
        "java-dependency",
        "dependency-resolution",
        "A dependency cannot be resolved",
        r"Could not resolve (?:all |dependencies|artifact)|Could not find artifact (?P<item>\S+)|"
        r"Could not find \S+:\S+:\S+|"
        r"Could not transfer artifact|Plugin \S+ (?:was not found|or one of its dependencies could not be resolved)|"
        r"^\[error\].*(?:not found: |Error downloading )\S+:\S+",
        0.88,
        _FIX,
        r"Required by|was not found in|Could not find \S+|project :\w+",
    ),
    rule(
        "cargo-go-dependency",
        "dependency-resolution",
        "A dependency cannot be resolved",
        r"error: failed to (?:select a version|get `|download|load source|parse manifest|parse lock)|"
        r"no matching package named|"
        r"^go: .*(?:unknown revision|missing go\.sum|updates to go\.mod needed|invalid version|no matching versions|"
        r"requires go >=)|"
        r"missing go\.sum entry|no required module provides package|cannot find module providing|checksum mismatch|"
        r"inconsistent vendoring",
        0.91,
        _FIX,
        r"candidate versions|required by|^\tgo |perhaps you meant",
    ),
    rule(
        "nuget",
        "dependency-resolution",
        "NuGet packages cannot be restored",
        r"(?:error|Error) (?P<item>NU\d{4}): ",
        0.92,
        _FIX,
    ),
    rule(
        "system-package",
        "dependency-resolution",
        "System packages cannot be installed",
        r"E: Unable to locate package (?P<item>\S+)|E: Unable to (?:fetch|correct)|"
        r"E: Package '(?P<item_of>\S+)' has no installation candidate|"
        r"Error: No (?:available formula|formulae or casks)|unable to select packages|No match for argument|"
        r"Could NOT find (?P<item_at>\w+)|"
        r"Could not find a package configuration file provided by|No package '(?P<item_b>\S+)' found|"
        r"pkg-config .*not found",
        0.9,
        _FIX,
        r"required by|CMakeLists\.txt:\d+|CMake Error",
    ),
    rule(
        "ruby-php-dependency",
        "dependency-resolution",
        "The dependencies cannot be resolved",
        r"Bundler could not find|Could not find gem|Could not find \S+ in (?:any of the sources|locally)|"
        r"Your requirements could not be resolved|Your lock file does not contain a compatible|version solving failed",
        0.88,
        _FIX,
        r"Problem \d|^\s+- \S",
    ),
    rule(
        "module-missing",
        "dependency-resolution",
        "A library that is imported is not installed",
        r"(?:Error: Cannot find (?:module|package) '(?P<item>[^'./][^']*)'|"
        r"ModuleNotFoundError: No module named '(?P<item_of>[^']+)'|"
        r"cannot load such file -- (?P<item_at>[\w/-]+)|Class \"?(?P<item_b>[\w\\]+)\"? not found)",
        0.7,
        "Add the library to the dependencies that this step installs.",
        r"Require stack:|^- \S|ImportError",
    ),
)
