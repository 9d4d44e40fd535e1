"""What a project says about itself: `blissful-infra.yaml`, the user's own file, `BLISSFUL_*` variables and flags.

Belongs here: the model of the file, reading it with line numbers, which layer won, the JSON Schema. Does not belong
here: what is done with a setting (`stacks`, `agent`), where files live (`blissful_infra.paths`).
"""
