"""The process runtime: real servers as ordinary processes under supervisord.

Belongs here: whatever knows supervisord, its programs, or where a server's binaries are. Does not belong here: what
both runtimes share.
"""
