"""Unit files and a cron line that run `suggest --daily`; printed, never installed."""

import shlex
import shutil
import sys
from pathlib import Path

from blissful_infra.paths import stack_id

_TEXT = """\
# Nothing was installed. With systemd: save the two parts in ~/.config/systemd/user/ under their names, then
#   systemctl --user daemon-reload && systemctl --user enable --now {name}.timer

# {name}.service
[Unit]
Description=Suggestions for {title}

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={program} suggest --daily --no-color

# {name}.timer
[Unit]
Description=Daily suggestions for {title}

[Timer]
OnCalendar=*-*-* 06:{minute:02d}:00
Persistent=true

[Install]
WantedBy=timers.target

# Without systemd, a line for `crontab -e`; cron mails what is new:
# {minute} 6 * * * cd {cron_folder} && {cron_program} suggest --daily --no-color
"""


def schedule_of(folder: Path) -> str:
    """The text, for the program as it was called here; each project has a minute of its own."""
    number = stack_id(folder)
    program = shutil.which(sys.argv[0]) or str(Path(sys.executable).parent / "blissful-infra")
    program = str(Path(program).absolute())
    return _TEXT.format(
        name=f"blissful-suggest-{number}",
        title=_unit(folder.name),
        folder=_unit(str(folder.absolute())),
        program=_argument(program),
        minute=int(number, 16) % 60,
        cron_folder=_cron(str(folder.absolute())),
        cron_program=_cron(program),
    )


def _unit(text: str) -> str:
    """`%` begins a specifier in a unit; control characters would begin a line."""
    return "".join(letter for letter in text if letter.isprintable()).replace("%", "%%")


def _argument(text: str) -> str:
    """A word of ExecStart, where `$` begins a variable too."""
    escaped = _unit(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"' if escaped != shlex.quote(text) else escaped


def _cron(text: str) -> str:
    """A shell's word in a crontab, where `%` is a line end."""
    return shlex.quote("".join(letter for letter in text if letter.isprintable())).replace("%", "\\%")
