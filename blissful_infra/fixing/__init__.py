"""Applying fixes: the project's committed files in, a branch, a run or a pull request out, and what came of it.

Belongs here: git's part of a fix (reading texts, making a branch), the journal of attempts, and the providers of pull
requests. Does not belong here: what might help (`agent.fixes`), asking a person (`cli`), running playbooks (`runs`).
The person's own working tree and index are never touched: a branch is made from git objects alone.
"""
