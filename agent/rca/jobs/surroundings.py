"""What breaks around the code: tools, permissions, network, runners, containers, releases."""

from agent.rca.jobs.rule import Rule, rule

SURROUNDINGS: tuple[Rule, ...] = (
    rule(
        "tool-not-found",
        "workflow-configuration",
        "A tool that the step calls is not installed (not found, exit code 127)",
        r"(?<![\w.-])(?P<item>[\w.-]+): (?:command )?not found$|"
        r"executable file not found in|is not recognized as (?:an internal|the name|a name)|"
        r"^make: (?P<item_of>[\w.-]+): (?:Command not found|No such file)|^error: no such command: `(?P<item_at>\w+)`|"
        r"spawn (?P<item_b>[\w.-]+) ENOENT",
        0.97,
        "Install the named tool in an earlier step, or put it on the PATH.",
        r"Recipe `.+` failed|exit code 127",
    ),
    rule(
        "workflow",
        "workflow-configuration",
        "The workflow's configuration does not hold",
        r"##\[error\].*(?:Unable to resolve action|Input required and not supplied|Unexpected input|Unrecognized |"
        r"workflow is not valid|template is not valid|Parameter token or opts\.auth is required|Unsupported |"
        r"deprecated version of|Can't find 'action.yml'|Required property is missing|not allowed to be used in)|"
        r"Invalid workflow file|"
        r"(?i:yaml: line \d+: did not find)|jobs config should contain|This GitLab CI configuration is invalid|"
        r"WorkflowScript: \d+:",
        0.93,
        "Correct the workflow file as the message says.",
    ),
    rule(
        "gate",
        "workflow-configuration",
        "A gate of the workflow does not let the run pass",
        r"(?i)required to succeed jobs|(?:required|needed|dependent|upstream) jobs? (?:have |has |did )?(?:failed|"
        r"not succeed)|"
        r"##\[error\].*\b(?:labels?|pull request title|PR title|changeset|changelog entry|milestone|CLA|sign-?off|"
        r"DCO)\b|"
        r"\w+: unbound variable$|: parameter (?:null or )?not set$",
        0.84,
        "Do what the gate asks for.",
    ),
    rule(
        "waited-in-vain",
        "timeout",
        "The step waited in vain (timeout)",
        r"(?i)##\[error\].*time(?:d )?-?out|\btimeout (?:waiting|expired|reached|exceeded)\b|gave up waiting|"
        r"timed out after \d+",
        0.8,
        "Find what does not come up, or wait longer.",
    ),
    rule(
        "tool-version",
        "workflow-configuration",
        "A setup action does not have the version asked for",
        r"Unable to find \w+ version '|The version '\S+' with architecture|Could not find (?:satisfied|"
        r"satisfying) version|Version .* was not found in|"
        r"No matching (?:Java|version) (?:version|found)|toolchain '\S+' is not (?:installed|available)|"
        r"is not in the allowed range|requires (?:Node|Python|Ruby|Go|Java)[\w.]* (?:version )?[>=~^\d]|"
        r"unsupported engine|"
        r"Unsupported class file major version|invalid (?:source|target) release",
        0.9,
        "Ask for a version that exists, or raise the one that is set up.",
    ),
    rule(
        "artifact",
        "workflow-configuration",
        "An artifact or a cache of the workflow is not there",
        r"Artifact not found for name|Unable to find any artifacts|No files were found with the provided path|"
        r"Unable to download artifact|"
        r"Failed to CreateArtifact|Artifact .* (?:already exists|not found)|"
        r"Some specified paths were not resolved, unable to cache|"
        r"Dependencies lock file is not found",
        0.88,
        "Check that the step that uploads it ran, and its name.",
    ),
    rule(
        "script-missing",
        "workflow-configuration",
        "What the step calls does not exist",
        r"(?i)npm (?:ERR!|error) Missing script: |error Command \"(?P<item>[^\"]+)\" not found|"
        r"No rule to make target '?(?P<item_of>[\w./-]+)|"
        r"^(?:/usr)?(?:/bin/)?(?:bash|sh|python3?): (?:.*: )?(?P<item_at>\S+?): No such file or directory|"
        r"can't open file '|"
        r"ERR_PNPM_NO_SCRIPT|Task '\S+' not found in|Unknown lifecycle phase|error: unknown (?:command|option|flag)|"
        r"unrecognized arguments?|"
        r"No such option|unknown flag|unknown shorthand flag|MSB1009|does not contain a package\.json|"
        r"Couldn't find a package\.json|"
        r"Error: Cannot find module '(?P<item_b>[./][^']*)'|Justfile does not contain recipe|"
        r"No such file or directory: '",
        0.72,
        "Correct the name, or check out and build what is missing first.",
    ),
    rule(
        "published-before",
        "release-failure",
        "What is to be published is there already",
        r"(?i)cannot publish over|EPUBLISHCONFLICT|File already exists|tag .* already exists|"
        r"release .* already exists|\balready_exists|"
        r"version \S+ (?:is already uploaded|already exists)|has already been published",
        0.97,
        "Raise the version, or delete what was half published.",
        r"(?i)HTTPError|npm (?:ERR!|error) |Uploading|40[039]",
    ),
    rule(
        "forbidden",
        "ci-permission",
        "A permission is missing: the token may not do this",
        r"Resource not accessible by integration|HTTP 403|\b403 Forbidden|returned error: 403|requires write access|"
        r"remote: Permission to .* denied|Write access to repository not|AccessDenied|(?i:not authorized to perform)|"
        r"Could not assume role|"
        r"UnauthorizedOperation|"
        r"Error from server \(Forbidden\)|is forbidden: User|permission_denied|insufficient[_ ](?:scope|permission)|"
        r"EGHNOPERMISSION|EGITNOPERMISSION|"
        r"refusing to allow .* to create or update workflow|protected branch hook declined|GH006|PERMISSION_DENIED|"
        r"AuthorizationFailed",
        0.95,
        "Grant the job's token the permission, as in `permissions: actions: write`.",
        r"^Deleting |^gh |gh api|^error when |for User|npm (?:ERR!|error) |HTTPError",
    ),
    rule(
        "credentials",
        "ci-permission",
        "A token or secret is missing or not valid",
        r"(?i)bad credentials|authentication failed|authentication required|401 unauthorized|HTTP 401|"
        r"could not read (?:username|password)|"
        r"\b(?:secret|token|password|variable|env var)\b.{1,60}\b(?:not set|is required|is missing|"
        r"not (?:been )?(?:provided|specified|found|supplied))|"
        r"(?:missing|empty|invalid|no) (?:required )?(?:\w+ )?(?:secret|token|api[ _-]key|credentials?)\b|"
        r"token required|set the GH_TOKEN environment variable|\bENO(?:GH|NPM)TOKEN|"
        r"permission denied \(publickey|ENEEDAUTH|\bE401\b|No credentials|denied: requested access|"
        r"invalid (?:api )?token|username and password required|"
        r"could not (?:load|find) (?:default )?credentials|unable to locate credentials|no basic auth credentials|"
        r"ExpiredToken|InvalidClientTokenId",
        0.9,
        "Set the secret or renew the token that the step uses.",
        r"(?i)_TOKEN|_KEY|secret|npm (?:ERR!|error) ",
    ),
    rule(
        "file-permission",
        "ci-permission",
        "A file may not be accessed",
        r"(?:Permission denied|EACCES|Operation not permitted)(?:$|[: ])",
        0.75,
        "Correct the file's owner or mode.",
    ),
    rule(
        "out-of-memory",
        "out-of-memory",
        "The process ran out of memory",
        r"JavaScript heap out of memory|java\.lang\.OutOfMemoryError|OOMKilled|Cannot allocate memory|"
        r"OutOfMemoryException|"
        r"MemoryError$|signal: 9, SIGKILL|signal: killed|virtual memory exhausted|JVM heap space is exhausted|"
        r"daemon disappeared unexpectedly|"
        r"Killed signal terminated program|"
        r"exit (?:code|value|status):? 137|^Killed\b",
        0.94,
        "Give the step more memory or lower its parallelism.",
    ),
    rule(
        "disk-full",
        "disk-full",
        "The runner's disk is full",
        r"(?i)No space left on device|ENOSPC|disk quota exceeded|not enough space on the disk",
        0.95,
        "Free disk space before the step.",
    ),
    rule(
        "time-out",
        "timeout",
        "The step ran out of time (timeout)",
        r"has exceeded the maximum execution time|The action .* has timed out|execution took longer than|"
        r"The operation was canceled.*time|exit code 124|timed out waiting for|context deadline exceeded|"
        r"DeadlineExceeded|"
        r"Job's execution time exceeded|Timeout has been exceeded|exceeded its progress deadline|BackoffLimitExceeded",
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
        r"(?i)rate limit (?:exceeded|reached)|secondary rate limit|toomanyrequests|429 Too Many Requests|HTTP 429|"
        r"over its data quota|"
        r"(?:storage|spending|usage) (?:quota|limit) .*(?:hit|exceeded|reached)|quota exceeded",
        0.9,
        "Authenticate the requests or cache what is fetched.",
    ),
    rule(
        "network",
        "network-failure",
        "The network or a remote server did not answer",
        r"(?i)could not resolve host|\b(?:ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ERR_SOCKET_TIMEOUT)\b|"
        r"connection (?:refused|reset|timed out|aborted)|TLS handshake|"
        r"\b50[0234]:? ?(?:server error|bad gateway|service unavailable|gateway time-?out|internal server error)|"
        r"HTTP (?:error |status )?50[0234]|"
        r"SSL certificate problem|unexpected disconnect while reading|early EOF|RPC failed|"
        r"Temporary failure in name|no such host|i/o timeout|network is unreachable|Read timed out|"
        r"Failed to fetch http|ERR_PNPM_FETCH_5",
        0.78,
        "Run the job again; add retries where it recurs.",
        r"https?://\S+|network ",
    ),
    rule(
        "docker-build",
        "docker-build",
        "The image does not build",
        r"ERROR: failed to (?:solve|build)|process \"/bin/sh -c .*\" did not complete|failed to compute cache key|"
        r"dockerfile parse error|"
        r"manifest (?:unknown|for .* not found)|pull access denied for|unable to prepare context|COPY failed: ",
        0.82,
        "Correct the named instruction of the Dockerfile.",
        r"^(?P<file>\S*Dockerfile\S*):\d+|>>> |^#\d+ .*(?:ERROR|error)",
    ),
    rule(
        "release",
        "release-failure",
        "The release or its publishing does not go through",
        r"(?i)SemanticReleaseError|Error: (?:INSTALLATION|UPGRADE) FAILED|npm (?:ERR!|error) code E4(?:00|22)|"
        r"HTTPError: 4\d\d|failed to publish|error: (?:failed to publish|api errors)|Upload failed",
        0.88,
        "Raise the version, or delete what was half published.",
    ),
    rule(
        "git",
        "repository-state",
        "Git does not go through",
        r"^(?:##\[error\])?fatal: "
        r"(?!unable to access .*(?:resolve host|connect to|timed? ?out|reset|returned error: 5)).+|"
        r"CONFLICT \(.*(?:in (?P<file>\S+)$)?|! \[(?:remote )?rejected\]|"
        r"Automatic merge failed|"
        r"error: (?:failed to push|Your local changes|patch failed|could not apply)|smudge filter lfs failed",
        0.83,
        "Do what git's message asks for.",
        r"Merge conflict in (?P<file>\S+)|^hint: |^error: |submodule path '(?P<item>[^']+)'",
    ),
    rule(
        "infrastructure-plan",
        "build-failure",
        "The infrastructure cannot be changed as described",
        r"^[│|╷]\s*Error: .*",
        0.5,
        "Correct the named resource.",
        r"^\W*on (?P<file>\S+\.tf) line \d+|^\W*with (?P<item>\S+),$",
    ),
    rule(
        "port",
        "port-conflict",
        "A port is taken already",
        r"(?i)address already in use|port is already allocated|EADDRINUSE",
        0.7,
        "Stop what holds the port, or choose another one.",
    ),
)
