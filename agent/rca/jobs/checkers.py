"""What linters, formatters and type checkers write."""

from agent.rca.jobs.rule import Rule, rule

_LINT = "Run the named check locally with its fix option and commit the result."

CHECKERS: tuple[Rule, ...] = (
    rule(
        "mypy",
        "type-error",
        "The type checker (mypy, pyright) reports type errors",
        r"^\s*(?P<file>[\w./-]+\.pyi?):\d+(?::\d+)?:? (?:- )?error: ",
        0.92,
        "Correct the types, or the stubs' version.",
        r"^Found \d+ errors? in|^mypy\b.*Failed|- hook id: |\b(?P<file>[\w./-]+\.pyi?):\d+(?::\d+)?: error",
    ),
    rule(
        "gradle-format",
        "format-violation",
        "A format check finds violations",
        r"(?i)Execution failed for task '(?P<item>:\S*(?:format|spotless|ktlint)\S*)'",
        0.96,
        "Run the formatter (`format`) and commit the result.",
        r"(?i)Formatting violations|format violations|^\s*\* ?(?P<file>\S+\.\w+)$|Run `|"
        r"^> Task (?P<test>\S+) FAILED|BUILD FAILED",
    ),
    rule(
        "formatter",
        "format-violation",
        "A format check finds files that are not formatted",
        r"(?i)^would reformat:? (?P<file>\S+)|^Diff in (?P<item>\S+\.rs)|\[warn\] Code style issues|"
        r"files? would be reformatted"
        r"|are not formatted|File is not `?(?:gofmt|goimports|gci)",
        0.9,
        _LINT,
        r"^\[warn\] (?P<file>\S+\.\w+)$|^[-+] ",
    ),
    rule(
        "eslint",
        "lint-violation",
        "ESLint reports violations",
        r"^\s+\d+:\d+\s+error\s+\S",
        0.9,
        _LINT,
        r"^(?P<file>/?[\w./@-]+\.(?:[cm]?[jt]sx?|vue|svelte))$|✖ \d+ problems?",
    ),
    rule(
        "ruff",
        "lint-violation",
        "A linter reports violations",
        r"^\s*(?P<file>[\w./-]+\.pyi?):\d+:\d+: [A-Z]{1,4}\d{2,4}\b|^\s*[A-Z]{1,4}\d{3,4} (?:\[\*\] )?\S.*",
        0.86,
        _LINT,
        r"^\s*--> (?P<file>\S+\.pyi?):\d+|^Found \d+ errors?",
    ),
    rule(
        "golangci",
        "lint-violation",
        "golangci-lint reports violations",
        r"\b(?P<file>[\w./-]+\.go)(?::\d+)+:? .*\((?P<item>[a-z]{3,})\)$",
        0.88,
        _LINT,
        r"issues found|^\d+ issues",
    ),
    rule(
        "clippy",
        "lint-violation",
        "Clippy reports violations",
        r"clippy::\w+|`-D warnings`",
        0.88,
        _LINT,
        r"^error: |^\s*--> (?P<file>\S+?\.rs):\d+",
    ),
    rule(
        "checkstyle",
        "lint-violation",
        "A style check reports violations",
        r"(?i)Execution failed for task '(?P<item>:\S*(?:checkstyle|lint|pmd|spotbugs|detekt)\S*)'|"
        r"Failed to execute goal"
        r" \S*(?:checkstyle|spotless|rat)",
        0.93,
        _LINT,
        r"\b(?P<file>[\w./-]+\.(?:java|kt)):\d+|BUILD FAILED",
    ),
    rule(
        "pre-commit",
        "lint-violation",
        "A pre-commit hook does not pass",
        r"^(?P<item>\S.*?)\.{3,}.*Failed$",
        0.8,
        _LINT,
        r"^- hook id: |^- exit code|files were modified|^Fixing (?P<file>\S+)",
    ),
)
