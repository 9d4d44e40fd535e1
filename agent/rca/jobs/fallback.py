"""What says only that something failed: heard when no tool says more. What the step calls then tells the kind."""

import dataclasses
import re

from agent.rca.jobs.job import Job
from agent.rca.jobs.rule import Find, Rule, rule

SURE = 0.5
"""Finds that are weaker than this say that something failed, not what."""

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
        r"^\W*(?:[\w.]+(?:Error|Exception)|panic|Error|error|ERROR|FATAL|fatal)(?:\[\w+\])?: "
        r"(?!could not compile|aborting due|Process completed|Command failed|script returned|Job failed|Recipe )\S.*",
        0.4,
        "Correct what the message names.",
        last=True,
    ),
    rule(
        "annotation",
        "build-failure",
        "The step reports an error",
        r"^##\[error\](?!Process completed|Bash exited|PowerShell exited)(?P<item>.+)",
        0.2,
        "Read the step's output.",
    ),
    rule(
        "last-words",
        "build-failure",
        "The step ends with an error; its last words are",
        r"^(?!##\[|Finished: |ERROR: (?:Job|script)|make(?:\[\d+\])?: \*\*\* |npm (?:ERR!|error) A complete|section_|"
        r"\[Pipeline\])(?=.*[A-Za-z]{3}).+",
        0.15,
        "Read the step's output.",
        last=True,
    ),
)

_KINDS = tuple(
    (re.compile(rf"(?i)(?:^|[\s/:;&|_.-])(?:{words})(?:$|[\s/@:;&|=_.,)-])"), category, told)
    for words, category, told in (
        (
            r"audit|trivy|grype|snyk|govulncheck|cargo-deny|deny",
            "dependency-audit",
            "The dependency audit does not pass",
        ),
        (
            r"fmt|format|prettier|black|gofmt|rustfmt|spotless\w*|clang-format|isort|ruff format",
            "format-violation",
            "The format check does not pass",
        ),
        (
            r"tsc|typecheck|type-?check|types|mypy|pyright|phpstan|psalm|sorbet|flow",
            "type-error",
            "The type check does not pass",
        ),
        (
            r"lint\w*|eslint|\w+lint|lint-\w+|vet|clippy|ruff|flake8|rubocop|checkstyle|pre-commit|shellcheck|"
            r"check-style|staticcheck|verify-\w+",
            "lint-violation",
            "The lint check does not pass",
        ),
        (
            r"tests?|unit|integration|e2e|pytest|jest|vitest|mocha|ctest|rspec|phpunit|playwright|cypress|spec|"
            r"coverage|nextest|tox",
            "test-failure",
            "The tests do not pass",
        ),
        (
            r"npm (?:ci|i|install)|yarn install|pnpm (?:i|install)|pip3? install|poetry (?:install|lock)|uv (?:sync|"
            r"pip)|bundle install|"
            r"composer install|apt(?:-get)? install|go mod|dotnet restore|cargo fetch|install",
            "dependency-resolution",
            "The dependencies cannot be installed",
        ),
        (r"publish|release|deploy|twine|helm|push", "release-failure", "The release does not go through"),
        (r"docker|buildx|podman|buildah|kaniko", "docker-build", "The image does not build"),
        (
            r"build|compile|make|cmake|cargo|gradlew?|mvnw?|xcodebuild|msbuild|webpack|vite",
            "compile-error",
            "The build does not go through",
        ),
    )
)


_CHECKS = 5
"""How many of the kinds a job's name may tell; jobs named `build` do anything."""
_OF_THE_WORKFLOW = re.compile(
    r"^[\w.-]+/[\w./-]+@\S+|^(?:if|echo|exit|for|while|case|test|set|gh|jq|curl|\[+|"
    r"\{)(?:\s|$)"
)
"""Steps that are an action, or a script made of the shell alone: gates and glue of the workflow itself."""


def by_what_is_called(job: Job, find: Find) -> Find:
    """The find with the kind of failure that the step's command tells, else the job's name."""
    if find.strength >= SURE or find.rule.category != "build-failure":
        return find
    for words, kinds in ((job.step, _KINDS), (job.name, _KINDS[:_CHECKS])):
        for pattern, category, told in kinds:
            if pattern.search(words):
                return _as(find, category, told)
        if _OF_THE_WORKFLOW.search(words):
            return _as(find, "workflow-configuration", "A step of the workflow does not let the run pass")
    return find


def _as(find: Find, category: str, told: str) -> Find:
    return dataclasses.replace(find, rule=dataclasses.replace(find.rule, category=category, told=told))
