"""How long `create` takes, against plain `copier copy` of the same template."""

import itertools
import tempfile
from pathlib import Path

from benchmarks.rows import Row, alternating, plain_environment, seconds_of

ROOT = Path(__file__).parent.parent


def measure() -> Row:
    env = plain_environment()
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)

        def ours() -> float:
            name = f"ours-{next(numbers)}"
            command = ["blissful-infra", "create", name, "--template", "fastapi", "--no-input", "--no-git"]
            return seconds_of(command, cwd=here, env=env)

        def peer() -> float:
            name = f"peer-{next(numbers)}"
            answers = ["--data", "template=fastapi", "--data", f"project_name={name}"]
            return seconds_of(
                ["copier", "copy", "--quiet", "--defaults", "--vcs-ref", "HEAD", *answers, str(ROOT), name],
                cwd=here,
                env=env,
            )

        mine, theirs, ratio = alternating(ours, peer, runs=5)
    return Row("create (fastapi)", mine, "copier copy", theirs, ratio, reach=1.25)
