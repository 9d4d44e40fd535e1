"""Whether this machine and this folder have what the project needs, and what to do where they have not.

Belongs here: one check a tool, the machine's room, what earlier runs left behind, and mending what is safe to mend.
Does not belong here: printing (`cli.doctor`), and what a stack itself does (`stacks`).
"""
