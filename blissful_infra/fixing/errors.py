"""What can go wrong between a fix and its outcome."""

from blissful_infra.errors import ConfigurationError, MissingToolError, RunFailedError


class NoRepositoryError(ConfigurationError):
    """The project is in no git repository, or nothing in it is committed."""

    code = "no-repository"


class NoFixError(ConfigurationError):
    """There is no such incident, or no fix for it."""

    code = "no-fix"


class FixNotApplicableError(RunFailedError):
    """The fix does not apply to the project as it is."""

    code = "fix-not-applicable"


class PullRequestError(MissingToolError):
    """The branch could not be pushed, or the provider did not take the pull request."""

    code = "pull-request-failed"
