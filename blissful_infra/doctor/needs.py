"""Which tools the current project cannot do without, and why. Pure."""

from collections.abc import Mapping

from blissful_infra.settings.model import ProjectConfig


def needs_of(config: ProjectConfig, runtime: str) -> Mapping[str, str]:
    """Tool or program, and why the project needs it under this runtime (docker or process)."""
    if runtime == "docker":
        why = "this project runs on Docker"
        return {"docker": why, "compose": why, "buildx": why}
    needs: dict[str, str] = {}
    for name, service in config.services.items():
        for key, argv in (("build", service.build_argv), ("run", service.run_argv)):
            if argv and "/" not in argv[0]:
                needs.setdefault(argv[0], f"services.{name}.{key} runs it")
    if "mvn" in needs:
        needs.setdefault("java", "Maven runs on it")
        needs.setdefault("javac", "Maven compiles with it")
    if config.backing.kafka:
        needs.setdefault("java", "Kafka runs on it")
        needs.setdefault("mvn", "it fetches Kafka")
    return needs
