"""What must not leave the machine with a project's evidence."""

from blissful_infra.stacks.planning import Project


def secrets_of(project: Project) -> tuple[str, ...]:
    """The values of the project's generated passwords."""
    try:
        lines = (project.state_dir / "secrets.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    return tuple(line.partition("=")[2].strip() for line in lines if "=" in line)
