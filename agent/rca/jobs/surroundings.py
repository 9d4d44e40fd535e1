"""What breaks around the code: tools, permissions, network, runners, containers, releases."""

from agent.rca.jobs.rule import Rule, rule

SURROUNDINGS: tuple[Rule, ...] = (
    rule(
        "tool-not-found",
        "workflow-configuration",
        "A tool that the step calls is not installed (not found, exit code 127)",
        r"(?:bash|sh|zsh|/bin/\w+)?:? ?(?:line )?\d*:? ?(?P<item>[\w.-]+): (?:command )?not found$|"
        r"executable file not found in",
        0.97,
        "Install the named tool in an earlier step, or put it on the PATH.",
        r"Recipe `.+` failed|exit code 127",
    ),
    rule(
        "workflow",
        "workflow-configuration",
        "The workflow's configuration does not hold",
        r"##\[error\].*(?:Unable to resolve action|Input required and not supplied|Unexpected input|"
        r"workflow is not valid|"
        r"deprecated version of|Can't find 'action.yml')|Invalid workflow file",
        0.93,
        "Correct the workflow file as the message says.",
    ),
    rule(
        "forbidden",
        "ci-permission",
        "A permission is missing: the token may not do this",
        r"Resource not accessible by integration|HTTP 403|\b403 Forbidden|"
        r"remote: Permission to .* denied|Write access to repository not",
        0.95,
        "Grant the job's token the permission, as in `permissions: actions: write`.",
        r"^Deleting |^gh |gh api",
    ),
    rule(
        "credentials",
        "ci-permission",
        "A token or secret is missing or not valid",
        r"(?i)bad credentials|authentication failed|401 unauthorized|could not read username|"
        r"secret .* (?:not set|is required)|"
        r"permission denied \(publickey|ENEEDAUTH|No credentials|denied: requested access|invalid (?:api )?token",
        0.9,
        "Set the secret or renew the token that the step uses.",
    ),
    rule(
        "file-permission",
        "ci-permission",
        "A file may not be accessed",
        r"(?:Permission denied|EACCES)(?:$|[: ])",
        0.75,
        "Correct the file's owner or mode.",
    ),
    rule(
        "out-of-memory",
        "out-of-memory",
        "The process ran out of memory",
        r"JavaScript heap out of memory|java\.lang\.OutOfMemoryError|OOMKilled|Cannot allocate memory|"
        r"MemoryError$|signal: 9, SIGKILL|"
        r"exit code 137",
        0.94,
        "Give the step more memory or lower its parallelism.",
    ),
    rule(
        "disk-full",
        "disk-full",
        "The runner's disk is full",
        r"No space left on device|ENOSPC",
        0.95,
        "Free disk space before the step.",
    ),
    rule(
        "time-out",
        "timeout",
        "The step ran out of time (timeout)",
        r"has exceeded the maximum execution time|The action .* has timed out|"
        r"The operation was canceled.*time|exit code 124",
        0.93,
        "Raise the time limit or find what waits.",
    ),
    rule(
        "cancelled",
        "job-cancelled",
        "The job was cancelled",
        r"The operation was cancell?ed|The run was cancell?ed",
        0.7,
        "Run the job again; nothing in the log says that the code is at fault.",
    ),
    rule(
        "runner",
        "runner-lost",
        "The runner went away",
        r"runner has received a shutdown signal|lost communication with the server",
        0.92,
        "Run the job again.",
    ),
    rule(
        "rate-limit",
        "quota-exceeded",
        "A rate limit is reached",
        r"(?i)rate limit exceeded|toomanyrequests|429 Too Many Requests",
        0.9,
        "Authenticate the requests or cache what is fetched.",
    ),
    rule(
        "network",
        "network-failure",
        "The network or a remote server did not answer",
        r"(?i)could not resolve host|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|connection (?:refused|"
        r"reset|timed out)|TLS handshake|"
        r"50[234] (?:bad gateway|service unavailable|gateway time-?out)|SSL certificate problem|"
        r"Temporary failure in name",
        0.72,
        "Run the job again; add retries where it recurs.",
    ),
    rule(
        "docker-build",
        "docker-build",
        "The image does not build",
        r"ERROR: failed to (?:solve|build)|process \"/bin/sh -c .*\" did not complete|"
        r"manifest (?:unknown|for .* not found)",
        0.82,
        "Correct the named instruction of the Dockerfile.",
        r"^(?P<file>\S*Dockerfile\S*):\d+|>>> |^#\d+ .*(?:ERROR|error)",
    ),
    rule(
        "release",
        "release-failure",
        "The release or its publishing does not go through",
        r"(?i)cannot publish over|EPUBLISHCONFLICT|tag .* already exists|release .* already exists|non-fast-forward",
        0.88,
        "Raise the version, or delete what was half published.",
    ),
    rule(
        "git",
        "repository-state",
        "Git does not go through",
        r"^fatal: .+|CONFLICT \(",
        0.7,
        "Do what git's message asks for.",
    ),
)
