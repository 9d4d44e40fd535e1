"""Renders templates into projects. The only importer of copier."""
