"""From a commit to the image in a registry.

Belongs here: image references and tags, the registry's own words, building and pushing. What is decided is pure
(`image.py`, `registries.py`); what talks to Docker, git or a registry stands apart. Does not belong
here: the local stack (`stacks`), and parsing or printing (`cli`).
"""
