"""Environments that come and go, one for a branch or a pull request.

`preview.py` and `request_count.py` are pure: how a preview is called, what its namespace says of it, when it may go,
and whether it was used. `previews.py` finds, opens, marks and deletes them, `survey.py` tells how each is,
`reaping.py` deletes what nobody uses. `options.py` and `acts.py` are the doors of the CLI and of the role `previews`.
"""
