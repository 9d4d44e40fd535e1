-- Every statement of the knowledge base, by name. Parameters are written :so; both databases understand the rest.

-- incident_columns: what rows.py reads, with the incident's own count
SELECT id, fingerprint, pattern, category, subject, title, cause, signature, confidence, opened_at, last_seen_at,
  times_seen, state, resolution, closed_at, merged_into, report
FROM incidents

-- counted_columns: the same, with the counts of what was merged into it
SELECT id, fingerprint, pattern, category, subject, title, cause, signature, confidence, opened_at, last_seen_at,
  times_seen + coalesce((SELECT sum(part.times_seen) FROM incidents part WHERE part.merged_into = incidents.id), 0),
  state, resolution, closed_at, merged_into, report
FROM incidents

-- incident_by_id: own count
{incident_columns}
WHERE id = :id

-- counted_by_id:
{counted_columns}
WHERE id = :id

-- incidents_by_prefix: the candidates of an abbreviated id
{counted_columns}
WHERE id LIKE :prefix
ORDER BY id
LIMIT :limit

-- open_by_fingerprint:
{incident_columns}
WHERE fingerprint = :fingerprint AND state = 'open'

-- open_that_took_in_fingerprint: an open incident that another one of this fingerprint was merged into
{incident_columns}
WHERE state = 'open'
  AND id IN (SELECT part.merged_into FROM incidents part WHERE part.fingerprint = :fingerprint AND part.state = 'merged')
ORDER BY last_seen_at DESC, id
LIMIT 1

-- newest_incidents:
{counted_columns}
WHERE state <> 'merged'
ORDER BY last_seen_at DESC, id
LIMIT :limit

-- newest_incidents_of_state:
{counted_columns}
WHERE state = :state
ORDER BY last_seen_at DESC, id
LIMIT :limit

-- incidents_by_signature: those that tell how they were resolved first
{counted_columns}
WHERE signature_key = :key AND state <> 'merged' AND id <> :except_id
ORDER BY CASE state WHEN 'resolved' THEN 0 ELSE 1 END, last_seen_at DESC, id
LIMIT :limit

-- all_incidents: an incident never stands before the one it was merged into
{incident_columns}
ORDER BY CASE state WHEN 'merged' THEN 1 ELSE 0 END, opened_at, id

-- insert_incident:
INSERT INTO incidents (id, fingerprint, pattern, category, subject, title, cause, signature, signature_key, confidence,
  opened_at, last_seen_at, times_seen, state, resolution, closed_at, merged_into, report)
VALUES (:id, :fingerprint, :pattern, :category, :subject, :title, :cause, :signature, :signature_key, :confidence,
  :opened_at, :last_seen_at, :times_seen, :state, :resolution, :closed_at, :merged_into, :report)

-- update_incident:
UPDATE incidents
SET title = :title, cause = :cause, signature = :signature, signature_key = :signature_key, confidence = :confidence,
  opened_at = :opened_at, last_seen_at = :last_seen_at, times_seen = :times_seen, state = :state,
  resolution = :resolution, closed_at = :closed_at, merged_into = :merged_into, report = :report
WHERE id = :id

-- move_parts: what was merged into one is now part of another
UPDATE incidents SET merged_into = :into WHERE merged_into = :id

-- insert_outcome:
INSERT INTO outcomes (key, incident_id, pattern, fix_id, result, at, note)
VALUES (:key, :incident_id, :pattern, :fix_id, :result, :at, :note)
ON CONFLICT (key) DO NOTHING

-- outcome_by_key:
SELECT 1 FROM outcomes WHERE key = :key

-- outcomes_of_incident:
SELECT incident_id, pattern, fix_id, result, at, note
FROM outcomes
WHERE incident_id = :id OR incident_id IN (SELECT part.id FROM incidents part WHERE part.merged_into = :id)
ORDER BY at, key

-- all_outcomes:
SELECT incident_id, pattern, fix_id, result, at, note FROM outcomes ORDER BY at, key

-- success_rates: attempts that were not made are left out
SELECT fix_id, count(*) AS tried, sum(CASE result WHEN 'resolved' THEN 1 ELSE 0 END)
FROM outcomes
WHERE pattern = :pattern AND result <> 'not-run'
GROUP BY fix_id
ORDER BY tried DESC, fix_id

-- patterns_seen:
SELECT pattern, sum(CASE state WHEN 'merged' THEN 0 ELSE 1 END) AS kept, sum(times_seen) AS times, max(last_seen_at)
FROM incidents
GROUP BY pattern
ORDER BY times DESC, pattern

-- revision:
SELECT value FROM revisions WHERE name = :name

-- raise_revision:
UPDATE revisions SET value = value + 1 WHERE name = 'signatures'

-- set_revision:
INSERT INTO revisions (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- signatures_without_vector: each signature once
SELECT signature_key, min(signature)
FROM incidents
WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE vectors.embedder = :embedder AND vectors.key = incidents.signature_key)
GROUP BY signature_key
ORDER BY signature_key
LIMIT :limit

-- insert_vector:
INSERT INTO vectors (embedder, key, dimensions, vector)
VALUES (:embedder, :key, :dimensions, :vector)
ON CONFLICT (embedder, key) DO UPDATE SET dimensions = excluded.dimensions, vector = excluded.vector

-- forget_vectors_of_other_size: a model was replaced under its old name
DELETE FROM vectors WHERE embedder = :embedder AND dimensions <> :dimensions

-- vectors_after: in the order of their keys
SELECT key, vector FROM vectors WHERE embedder = :embedder AND key > :after ORDER BY key LIMIT :limit

-- vector_keys:
SELECT key FROM vectors WHERE embedder = :embedder

-- vector_by_key:
SELECT vector FROM vectors WHERE embedder = :embedder AND key = :key

-- insert_about:
INSERT INTO about (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING

-- about:
SELECT value FROM about WHERE name = :name

-- insert_feedback:
INSERT INTO suggestion_feedback (key, project, suggestion_id, rule, verdict, reason, at)
VALUES (:key, :project, :suggestion_id, :rule, :verdict, :reason, :at)
ON CONFLICT (key) DO NOTHING

-- feedback_by_key:
SELECT key FROM suggestion_feedback WHERE key = :key

-- all_feedback: the newest ones, oldest first
SELECT project, suggestion_id, rule, verdict, reason, at
FROM (SELECT * FROM suggestion_feedback ORDER BY at DESC, key LIMIT :limit) newest
ORDER BY at, key
