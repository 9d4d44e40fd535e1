-- Times are UTC in ISO 8601 with microseconds, so that they sort as text in both databases.
CREATE TABLE about (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  pattern TEXT NOT NULL,
  category TEXT NOT NULL,
  subject TEXT NOT NULL,
  title TEXT NOT NULL,
  cause TEXT NOT NULL,
  signature TEXT NOT NULL,
  signature_key BIGINT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  opened_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  times_seen BIGINT NOT NULL CHECK (times_seen >= 1),
  state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'merged')),
  resolution TEXT NOT NULL,
  closed_at TEXT,
  merged_into TEXT REFERENCES incidents (id),
  report TEXT NOT NULL,
  CHECK ((state = 'merged') = (merged_into IS NOT NULL))
);

CREATE UNIQUE INDEX incidents_open ON incidents (fingerprint) WHERE state = 'open';
CREATE INDEX incidents_fingerprint ON incidents (fingerprint);
CREATE INDEX incidents_seen ON incidents (last_seen_at);
CREATE INDEX incidents_signature ON incidents (signature_key);
CREATE INDEX incidents_merged ON incidents (merged_into);

CREATE TABLE outcomes (
  key TEXT PRIMARY KEY,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  pattern TEXT NOT NULL,
  fix_id TEXT NOT NULL,
  result TEXT NOT NULL,
  at TEXT NOT NULL,
  note TEXT NOT NULL
);

CREATE INDEX outcomes_incident ON outcomes (incident_id);
CREATE INDEX outcomes_pattern ON outcomes (pattern);
