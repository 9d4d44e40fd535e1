"""What makes an evaluation impossible."""

from agent.errors import BlissfulError


class EvaluationError(BlissfulError):
    """The cases or the category map cannot be read."""

    code = "invalid-cases"
    exit_code = 3
