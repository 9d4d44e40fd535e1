"""Makes projects from templates. The only importer of copier.

Belongs here: what templates exist and ask (`catalogue`), which answers they get (`answers`), where they come from
(`source`), rendering (`rendering`), the first commit (`first_commit`), and all of it in order (`creation`). Does not
belong here: asking a person (`cli.create`), and what a project is afterwards (`settings`, `stacks`). Importing this
package is cheap; copier is imported when a project is rendered.
"""
