"""What earlier runs left behind, and what is safe to mend: locks of the dead, forgotten stacks, loose permissions."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from blissful_infra import paths
from blissful_infra.doctor.check import Check, Status
from blissful_infra.stacks.leftovers import mend_deleted_folders
from blissful_infra.stacks.state import lock, registry

FIX = "blissful-infra doctor --fix"
IGNORED = ".blissful/"


def project_leftovers(project_dir: Path) -> Iterator[Check]:
    """What is amiss in one project's folder; nothing when all is well."""
    state = paths.state_dir(project_dir)
    holder = lock.holder_in(state)
    if holder and not holder.alive:
        yield _leftover(
            "stale-lock",
            "Lock",
            f"`{holder.verb}` (pid {holder.pid}) died holding this project's lock; it will be removed",
            lambda: _unlock(state),
        )
    for path, mode in ((state, 0o700), (state / "secrets.env", 0o600)):
        if path.exists() and path.stat().st_mode & 0o077:
            yield _leftover(
                "permissions",
                "Permissions",
                f"others on this machine can read {path.name}; it will be set to {mode:04o}",
                lambda path=path, mode=mode: path.chmod(mode),  # type: ignore[misc]
            )
    if _in_git(project_dir) and not _is_ignored(project_dir):
        yield _leftover(
            "gitignore",
            ".gitignore",
            f"git does not ignore {IGNORED}, which holds passwords; a line will be added to .gitignore",
            lambda: _ignore(project_dir),
        )


def machine_leftovers() -> Iterator[Check]:
    """Stacks written down on this machine that cannot run any more."""
    for stack in registry.registered():
        if not stack.folder_exists:
            yield _leftover(
                f"deleted-{stack.stack_id}",
                "Stack",
                f"the folder of {stack.name} ({stack.project_dir}) was deleted; what still runs of it will be stopped",
                mend_deleted_folders,
            )
        elif stack.before_reboot and stack.runtime == "process":
            yield _leftover(
                f"forgotten-{stack.stack_id}",
                "Stack",
                f"{stack.name} ({stack.project_dir}) ended when the machine restarted; it will be struck off the list",
                lambda stack_id=stack.stack_id: registry.forget(stack_id),  # type: ignore[misc]
            )
    if deserted := _deserted_sockets():
        yield _leftover(
            "deserted-sockets",
            "Sockets",
            f"{len(deserted)} socket folders in {paths.sockets_dir()} belong to stacks that were killed; "
            "they will be removed",
            lambda: _remove(deserted),
        )


def _deserted_sockets() -> list[Path]:
    """The socket folders of stacks that are not written down, and in which nothing listens."""
    known = {stack.stack_id for stack in registry.registered()}
    folders = (path for path in paths.sockets_dir().glob("*") if path.is_dir() and not path.is_symlink())
    return [folder for folder in sorted(folders) if folder.name not in known and not _is_listening(folder)]


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _is_listening(folder: Path) -> bool:
    for path in folder.glob("*.sock"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            try:
                client.connect(str(path))
            except (ConnectionRefusedError, FileNotFoundError):
                continue
            except OSError:
                return True  # busy, or not ours to judge
            return True
    return False


def _leftover(name: str, title: str, message: str, mend: Callable[[], object]) -> Check:
    return Check(name, title, Status.WARN, message, "a clean start", fix=FIX, mend=mend)


def _unlock(state: Path) -> None:
    lock.release(state, pid=0)


def _in_git(project_dir: Path) -> bool:
    return _git(project_dir, "rev-parse", "--is-inside-work-tree") == 0


def _is_ignored(project_dir: Path) -> bool:
    return _git(project_dir, "check-ignore", "--quiet", f"{IGNORED}x") == 0


def _git(project_dir: Path, *arguments: str) -> int:
    try:
        return subprocess.run(
            ["git", "-C", str(project_dir), *arguments], capture_output=True, check=False, timeout=10
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 127


def _ignore(project_dir: Path) -> None:
    path = project_dir / ".gitignore"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    newline = "" if not before or before.endswith("\n") else "\n"
    path.write_text(f"{before}{newline}{IGNORED}\n", encoding="utf-8")
