"""The commands of the process runtime's own servers. Pure: what the machine offers comes in as `Machine`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blissful_infra.stacks.plan import DATABASE
from blissful_infra.stacks.ports import CONTROLLER


@dataclass(frozen=True, slots=True)
class Machine:
    """Where this machine keeps the servers' programs. `drop_to` is the user and group Postgres needs under root."""

    postgres_bin: Path
    valkey: Path
    kafka_jars: Path
    java: str = "java"
    drop_to: tuple[int, int] | None = None


def unprivileged(machine: Machine, argv: tuple[str, ...], *, death_signal: str | None = None) -> tuple[str, ...]:
    """The command as it must be run by root: Postgres refuses to be root, and must still read its own program.

    CAP_DAC_READ_SEARCH lets the other user pass through private folders above the data, without a copy or a chmod.
    """
    if machine.drop_to is None:
        return argv
    user, group = machine.drop_to
    return (
        "setpriv",
        *(("--pdeathsig", death_signal) if death_signal else ()),
        "--securebits=+no_setuid_fixup",
        f"--reuid={user}",
        f"--regid={group}",
        "--clear-groups",
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
        "--",
        *argv,
    )


def data_dir(state_dir: Path, name: str) -> Path:
    """Where a server keeps its data."""
    return state_dir / "process" / "data" / name


def commands_of(machine: Machine, state_dir: Path, ports: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """The command of each server whose port is given."""
    commands = {}
    if "postgres" in ports:
        commands["postgres"] = postgres_command(machine, data_dir(state_dir, "postgres"), ports["postgres"])
    if "redis" in ports:
        commands["redis"] = redis_command(machine, data_dir(state_dir, "redis"), ports["redis"])
    if "kafka" in ports:
        folder = data_dir(state_dir, "kafka")
        commands["kafka"] = kafka_command(machine, folder, ports["kafka"], ports[CONTROLLER])
    return commands


def postgres_command(machine: Machine, folder: Path, port: int) -> tuple[str, ...]:
    """Postgres on the loopback address only, without a Unix socket."""
    argv = (
        str(machine.postgres_bin / "postgres"),
        *("-D", str(folder)),
        *("-c", "listen_addresses=127.0.0.1"),
        *("-c", f"port={port}"),
        *("-c", "unix_socket_directories="),
        *("-c", "log_line_prefix=%m [%p] "),
        *("-c", "log_timezone=UTC"),
    )
    return unprivileged(machine, argv, death_signal="INT")


def initdb_command(machine: Machine, folder: Path) -> tuple[str, ...]:
    """A cluster whose locale is the same on every machine; the password comes on standard input."""
    argv = (
        str(machine.postgres_bin / "initdb"),
        *("-D", str(folder)),
        *("-U", DATABASE),
        "--pwfile=/dev/stdin",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
        "--no-instructions",
    )
    return unprivileged(machine, argv)


def single_user_command(machine: Machine, folder: Path) -> tuple[str, ...]:
    """Postgres reading SQL from standard input, before any server runs."""
    return unprivileged(machine, (str(machine.postgres_bin / "postgres"), "--single", "-D", str(folder), "postgres"))


def redis_command(machine: Machine, folder: Path, port: int) -> tuple[str, ...]:
    """Valkey on the loopback address; its title stays, so that its environment can be read."""
    return (
        str(machine.valkey),
        *("--port", str(port)),
        *("--bind", "127.0.0.1"),
        *("--dir", str(folder)),
        *("--save", "3600 1 300 100 60 10000"),
        *("--loglevel", "notice"),
        *("--set-proc-title", "no"),
    )


def kafka_command(machine: Machine, folder: Path, port: int, controller: int) -> tuple[str, ...]:
    """One broker that is its own controller; what depends on ports and folders overrides its properties file."""
    overrides = {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "log.dirs": str(folder / "log"),
    }
    return (
        machine.java,
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
        "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",  # 300 lines of settings at each start
        *("-cp", f"{machine.kafka_jars}/*"),
        "kafka.Kafka",
        str(folder / "server.properties"),
        *(word for name, value in overrides.items() for word in ("--override", f"{name}={value}")),
    )
