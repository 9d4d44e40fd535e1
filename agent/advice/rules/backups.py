"""A database that nobody backs up."""

import re
from collections.abc import Iterator

from agent.advice.material import PROJECT_FILE, Material
from agent.domain.suggestion import Priority, Suggestion

_BACKUP = re.compile(
    r"\b(?:pg_dump(?:all)?|pg_basebackup|pgbackrest|wal-g|barman|velero|restic|ScheduledBackup|backup)\b", re.I
)


def backups(material: Material) -> Iterator[Suggestion]:
    """Postgres in the project, and no word of a backup in any of its YAML files, scripts or Makefiles."""
    if material.project is None:
        return
    postgres = material.project.node.at("backing", "postgres")
    if postgres is None or postgres.value in (None, "false"):
        return
    if any(_BACKUP.search(text) for _, text in material.of(".yaml", ".yml", ".sh", "Makefile", "Jenkinsfile", ".tf")):
        return
    yield Suggestion(
        rule="database-backup",
        priority=Priority.MEDIUM if material.project.node.items("environments") else Priority.LOW,
        subject="postgres",
        title="nothing here backs the database up",
        why="a bad migration or a lost volume takes the data with it",
        fix="a CronJob with pg_dump to storage elsewhere, or the provider's backups; and restore one now and then",
        evidence=(material.shown(PROJECT_FILE, postgres.line),),
    )
