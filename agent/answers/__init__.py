"""Pure judgement for questions: a timeline in, an `Answer` out, one file per kind of question.

Belongs here: recognising what is asked, and answering it from events alone, each claim with the events it rests on.
Does not belong here: collecting, models, rendering for a terminal. What the events do not show is not said.
"""
