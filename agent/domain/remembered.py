"""What a knowledge base hands on: incidents, what fixes did, and what was said to suggestions."""

from agent.domain.fix import Outcome
from agent.domain.incident import Incident
from agent.domain.suggestion import Feedback

Remembered = Incident | Outcome | Feedback
