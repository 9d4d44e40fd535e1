"""What says only that something failed: heard when no tool says more."""

from agent.rca.jobs.rule import Rule, rule

FALLBACK: tuple[Rule, ...] = (
    rule(
        "gradle-task",
        "build-failure",
        "A build task does not go through",
        r"Execution failed for task '(?P<item>:[^']+)'|\[ERROR\] Failed to execute goal (?P<goal>\S+)",
        0.6,
        "Read the named task's report.",
        r"What went wrong|^> |BUILD FAIL",
    ),
    rule(
        "exception",
        "build-failure",
        "The step ends with an error",
        r"^\s*(?:[\w.]+(?:Error|Exception)|panic|Error|error|ERROR)(?:\[\w+\])?: \S.*",
        0.4,
        "Correct what the message names.",
    ),
    rule(
        "annotation",
        "build-failure",
        "The step reports an error",
        r"^##\[error\](?P<item>.+)",
        0.2,
        "Read the step's output.",
    ),
)
