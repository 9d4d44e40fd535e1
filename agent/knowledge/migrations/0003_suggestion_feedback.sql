-- What a team said to suggestions. Suggestion ids are unique within one project only; a rule's standing counts over all.
CREATE TABLE suggestion_feedback (
  key TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  suggestion_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'dismissed')),
  reason TEXT NOT NULL,
  at TEXT NOT NULL
);
