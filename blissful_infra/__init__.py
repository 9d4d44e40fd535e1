"""Acts: the command line, template rendering, running playbooks, the local stack.

Explaining what broke belongs to the package `agent`, which this one may import and which never imports this one.
"""
