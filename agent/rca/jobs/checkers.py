"""What linters, formatters and type checkers write."""

from agent.rca.jobs.rule import Rule, rule

_LINT = "Run the named check locally with its fix option and commit the result."
_TYPES = "Correct the types, or the stubs' version."

CHECKERS: tuple[Rule, ...] = (
    rule(
        "mypy",
        "type-error",
        "The type checker (mypy, pyright) reports type errors",
        r"^\s*(?P<file>[\w./-]+\.pyi?):\d+(?::\d+)?:? (?:- )?error: ",
        0.92,
        _TYPES,
        r"^Found \d+ errors? in|^(?:mypy|pyright|pyre|ty)\b.*Failed|- hook id: |"
        r"(?<![\w./@-])(?P<file>[\w./-]+\.pyi?):\d+(?::\d+)?: error|"
        r"^\d+ errors?, \d+ warnings?",
    ),
    rule(
        "phpstan",
        "type-error",
        "The static analysis reports type errors",
        r"^\s+Line\s+(?P<file>\S+\.php)|^ERROR: \w+ - (?P<file_of>\S+\.php):\d+",
        0.9,
        _TYPES,
        r"^\s+:?\d+\s+\S|\[ERROR\] Found",
    ),
    rule(
        "gradle-format",
        "format-violation",
        "A format check finds violations",
        r"(?i)Execution failed for task '(?P<item>:\S*(?:format|spotless|ktlint)\S*)'|"
        r"Failed to execute goal \S*(?:spotless|formatter|fmt)-maven-plugin|The following files had format violations",
        0.96,
        "Run the formatter (`format`) and commit the result.",
        r"(?i)Formatting violations|format violations|^(?:\[ERROR\])?\s*\*? ?(?P<file>[\w./-]+\.\w+)$|Run [`']|"
        r"^> Task (?P<test>\S+) FAILED|BUILD FAILED",
    ),
    rule(
        "formatter",
        "format-violation",
        "A format check finds files that are not formatted",
        r"(?i)^would reformat:? (?P<file>\S+)|^Diff in (?P<file_of>\S+?\.rs)\b|\[(?:warn|error)\] Code style issues|"
        r"files? would be reformatted|"
        r"are not formatted|File is not `?(?:gofmt|goimports|gci|gofumpt)|"
        r"^(?:ERROR: )?(?P<file_at>\S+) Imports are incorrectly sorted|"
        r"-Wclang-format-violations|(?:needs|requires) (?:re)?formatting|is not properly formatted|"
        r"not formatted correctly|"
        r"^\*\* \(Mix\) mix format failed|the following files? (?:are|is) not formatted|\bformat ━━",
        0.9,
        _LINT,
        r"^\[(?:warn|error)\] (?P<file>\S+\.\w+)$|^[-+] |^\s+\* (?P<file_of>\S+\.\w+)$|"
        r"^(?P<file_at>[\w./-]+\.(?:\w+))(?::\d+:\d+:| format ━)",
    ),
    rule(
        "eslint",
        "lint-violation",
        "A linter (ESLint, stylelint, yamllint) reports violations",
        r"^\s+\d+:\d+\s+(?:error|✖)\s+\S",
        0.9,
        _LINT,
        r"^(?P<file>(?:[A-Z]:\\)?/?[\w./\\@()\[\]-]+\.(?:[cm]?[jt]sx?|vue|svelte|s?css|less|ya?ml|json|md))$|"
        r"✖ \d+ problems?",
    ),
    rule(
        "biome",
        "lint-violation",
        "Biome or Oxlint reports violations",
        r"^(?P<file>\S+?):\d+:\d+ (?P<item>lint/\S+)|^\s*[x×] (?:eslint|typescript|unicorn|react|oxc)\S*\(\S+\)",
        0.9,
        _LINT,
        r"^\s+[✖×x] \S|^Found \d+ errors?|,-\[(?P<file_of>[^:\]]+):\d+",
    ),
    rule(
        "ruff",
        "lint-violation",
        "A linter reports violations",
        r"^\s*(?P<file>[\w./-]+\.pyi?):\d+:\d+: [A-Z]{1,4}\d{2,4}\b|"
        r"^\s*(?!(?:SHA|RFC|ISO|UTF|CVE|HTTP)\d)[A-Z]{1,4}\d{3,4} (?:\[\*\] )?\S.*",
        0.86,
        _LINT,
        r"^\s*--> (?P<file>\S+\.pyi?):\d+|^Found \d+ errors?",
    ),
    rule(
        "line-linter",
        "lint-violation",
        "A linter reports violations",
        r"^(?P<file>[\w./-]+\.(?:md|mdx|markdown)):\d+(?::\d+)? (?:error )?(?P<item>MD\d{3}\S*)|"
        r"^(?P<file_of>[\w./-]+\.(?:rb|rake)|Gemfile|Rakefile):\d+:\d+: [CWEFR]: |"
        r"^In (?P<file_at>\S+) line \d+:$|^\s*(?P<file_b>\S*Dockerfile\S*):\d+ (?P<item_of>(?:DL|SC)\d{4})|"
        r"^(?P<file_c>\S*\.github/workflows/\S+?\.ya?ml):\d+:\d+: |"
        r"^(?P<file_d>\S+\.swift):\d+:\d+: (?:error|warning): .*\((?P<item_at>[a-z_]+)\)$|"
        r"^(?P<file_e>\S+\.kts?):\d+:\d+:? (?!error)\S.*\S|"
        r"^(?P<file_f>\S+):\d+:\d+ - Unknown word|^error: `.+` should be `|"
        r"^✖\s+\S.*\[[a-z-]+\]$|^FILE: (?P<file_g>\S+\.php)",
        0.89,
        _LINT,
        r"\bSC\d{4}\b|offenses? detected|error\(s\)|^✖ +found|FOUND \d+ ERRORS?|^\s*-->? (?P<file>[\w./-]+):\d+",
    ),
    rule(
        "golangci",
        "lint-violation",
        "golangci-lint reports violations",
        r"(?<![\w./@-])(?P<file>[\w./-]+\.go)(?::\d+)+:? .*\((?P<item>[a-z]{3,}\d*)\)$|"
        r"^##\[error\](?P<file_of>\S+\.go):\d+:\d+: .*\((?P<item_of>[a-z]{3,})\)",
        0.92,
        _LINT,
        r"issues found|^\d+ issues",
    ),
    rule(
        "go-vet",
        "lint-violation",
        "go vet or staticcheck reports violations",
        r"^(?:\./)?(?P<file>\S+\.go):\d+:\d+: .*(?:format %|has arg|composite literal|passes lock|copies lock|"
        r"self-assignment|"
        r"unreachable code|struct field tag|possible misuse|result of .* not used|should have signature|"
        r"non-constant format|"
        r"\((?:SA|ST|QF|S|U)\d{4}\))",
        0.93,
        _LINT,
        r"^# \S+",
    ),
    rule(
        "clippy",
        "lint-violation",
        "Clippy reports violations",
        r"clippy::\w|rust-clippy/|`-D (?:warnings|clippy)",
        0.93,
        _LINT,
        r"^(?:error|warning): |^\s*--> (?P<file>\S+?\.rs):\d+",
    ),
    rule(
        "checkstyle",
        "lint-violation",
        "A style check reports violations",
        r"(?i)Execution failed for task '(?P<item>:\S*(?:checkstyle|lint|pmd|spotbugs|detekt|errorprone|license|"
        r"rat)\S*)'|"
        r"Failed to execute goal \S*(?:checkstyle|rat|pmd|spotbugs|license)|"
        r"^\[(?:ERROR|WARN)\] (?P<file>\S+\.(?:java|kt|xml)):\[?\d+[\],:\d]* \((?P<item_of>\w+)\) \w+: ",
        0.93,
        _LINT,
        r"(?<![\w./@-])(?P<file>[\w./-]+\.(?:java|kt)):\[?\d+|BUILD FAILED|You have \d+",
    ),
    rule(
        "stale-files",
        "lint-violation",
        "Files in the repository are not what their generator writes (git diff)",
        r"(?i)\b(?:out[ -]of[ -]date|not up[ -]to[ -]date)\b.{1,120}\b(?:run|commit)\b|"
        r"(?:please|you (?:must|need to|should)) (?:run|re-?run|execute) .{1,80} (?:and|then) "
        r"(?:commit|check ?in|push)|"
        r"working tree is (?:dirty|not clean)|uncommitted changes|git diff --exit-code",
        0.8,
        "Run the generator and commit what it writes.",
        r"^diff --git a/(?P<file>\S+)|^\s+modified:\s+(?P<file_of>\S+)|^ M (?P<file_at>\S+)",
    ),
    rule(
        "documentation",
        "lint-violation",
        "The documentation does not build strictly",
        r"(?i)warning, treated as error|warnings? in strict mode|build finished with problems, \d+ warning|"
        r"broken links? found",
        0.75,
        "Correct the named page.",
        r"^WARNING\s|(?P<file>[\w./-]+\.(?:rst|md|mdx|adoc)):\d+",
    ),
    rule(
        "pre-commit",
        "lint-violation",
        "A pre-commit hook does not pass",
        r"^(?P<item>\S.*?)\.{3,}.*Failed$",
        0.8,
        _LINT,
        r"^- hook id: |^- exit code|files were modified|^Fixing (?P<file>\S+)|^(?P<file_of>[\w./-]+\.\w+):\d+",
    ),
)
