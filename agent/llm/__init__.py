"""Language models behind `agent.ports.ChatModel`: one file per provider, and what keeps their text honest.

Belongs here: reaching a model, choosing one, building its prompt from evidence as data, checking what it cites. Does
not belong here: any decision. A model words what rules found; every command works without one.
"""
