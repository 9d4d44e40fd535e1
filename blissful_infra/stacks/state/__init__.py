"""What a stack keeps on disk: lock, journal, registry of the machine's stacks, secrets, the stack file.

Belongs here: files written whole or not at all, and read without trusting them. Does not belong here: deciding what to
do about what they say.
"""
