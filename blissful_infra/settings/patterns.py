"""The shapes that names and values of the configuration have, each with its words for people."""

PROJECT_NAME = r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"
NAME = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"
NAMESPACE = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
LINE = r"^[^\x00-\x1f\x7f]+$"
IMAGE = r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$"
REGISTRY = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$"
HOST = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
JOB = r"^[^/\x00-\x1f\x7f?#%\\]+(/[^/\x00-\x1f\x7f?#%\\]+)*$"
GIT = (
    r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/-]+"
    r"|(ssh|git)://([A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/-]+"
    r"|file:///[A-Za-z0-9._~/-]+"
    r"|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[A-Za-z0-9._~/-]+)$"
)
BRANCH = r"^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9_])?$"
CRON = r"^[0-9A-Za-z*,/?#@-]+( [0-9A-Za-z*,/?#-]+){4}$"
WINDOW = r"^([0-9]{1,4}[hm])+$"
TIME_ZONE = r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
SERVER = r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$"
URL_PATH = r"^/[A-Za-z0-9._~/-]*$"
DURATION = r"^[1-9][0-9]{0,4}[mhd]$"
VERSION = r"^[0-9]+(\.[0-9]+){0,3}$"

IN_WORDS = {
    PROJECT_NAME: "3 to 40 lower-case letters, digits and dashes, a letter first and no dash last",
    NAME: "1 to 40 lower-case letters, digits and dashes, a letter first and no dash last",
    NAMESPACE: "1 to 63 lower-case letters, digits and dashes, no dash first or last",
    LINE: "one line of text",
    IMAGE: "an image reference such as registry.example/library/postgres:18",
    REGISTRY: "a registry and a path in it, without a scheme, such as registry.example/team",
    HOST: "a host name in lower case, such as my-service.example",
    JOB: "names joined by /, such as team/my-service/main",
    GIT: "a git URL without a password, such as https://git.example/team/my-service.git",
    BRANCH: "a branch such as main",
    CRON: "a cron schedule of five fields, such as 0 22 * * *",
    WINDOW: "a time such as 1h or 30m",
    TIME_ZONE: "a time zone such as Europe/Berlin",
    SERVER: "a URL without a user or password, such as http://localhost:9090",
    URL_PATH: "a path such as /health",
    DURATION: 'a number and m, h or d for minutes, hours or days, such as "24h"',
    VERSION: 'a version such as "18" or "4.1"',
}
