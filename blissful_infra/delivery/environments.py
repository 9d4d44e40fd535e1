"""An environment's settings by its name: light, where what delivers to one loads the client of a cluster."""

from blissful_infra.delivery.previews.preview import preview_environment
from blissful_infra.errors import ConfigurationError
from blissful_infra.settings.model import Environment, ProjectConfig


class UnknownEnvironmentError(ConfigurationError):
    """The project has no environment of this name."""

    code = "unknown-environment"


def environment_of(config: ProjectConfig, name: str) -> Environment:
    """The settings of an environment, or of a preview, `preview-<name>`. Raises UnknownEnvironmentError."""
    if (preview := preview_environment(config, name)) is not None:
        return preview
    if name not in config.environments:
        known = ", ".join(config.environments) or "none yet"
        raise UnknownEnvironmentError(
            f"the project has no environment `{name}`", hint=f"declare it under `environments` (there are: {known})"
        )
    return config.environments[name]
