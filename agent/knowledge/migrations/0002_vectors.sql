-- A vector belongs to a signature's text, not to an incident: equal signatures share one. The revision grows with every
-- signature that is new, so that one look tells whether anything has no vector yet or is not in the search index.
CREATE TABLE vectors (
  embedder TEXT NOT NULL,
  key BIGINT NOT NULL,
  dimensions BIGINT NOT NULL,
  vector BYTEA NOT NULL,
  PRIMARY KEY (embedder, key)
);

CREATE TABLE revisions (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

INSERT INTO revisions (name, value) SELECT 'signatures', count(*) FROM incidents;
