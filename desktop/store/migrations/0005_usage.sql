-- What an AI costs: sums that are kept with every turn, so that reading them costs the same after
-- ten turns and after a hundred thousand, and what turns have taught about a model.

CREATE TABLE model_fact (
  provider       TEXT NOT NULL,
  -- As the person chose it; empty is the provider's own default.
  model          TEXT NOT NULL,
  context_window INTEGER,
  -- How far our estimates of its tokens are off, and how many reports said so.
  factor         REAL NOT NULL DEFAULT 1,
  samples        INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

INSERT INTO model_fact (provider, model, context_window)
  SELECT provider, model, max(context_window) FROM turn
  WHERE context_window IS NOT NULL GROUP BY provider, model;

-- Each turn counts twice: on its local day ('2026-11-22'), and on the day '', which is all days.
CREATE TABLE usage_of_way (
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  day            TEXT NOT NULL,
  -- The room's turns_from at the time: a conversation that was cleared away no longer counts.
  since          INTEGER NOT NULL,
  provider       TEXT NOT NULL,
  model          TEXT NOT NULL,
  turns          INTEGER NOT NULL,
  estimated      INTEGER NOT NULL,
  priced         INTEGER NOT NULL,
  input          INTEGER NOT NULL,
  cache_read     INTEGER NOT NULL,
  cache_write    INTEGER NOT NULL,
  output         INTEGER NOT NULL,
  reasoning      INTEGER NOT NULL,
  cost_usd       REAL NOT NULL,
  PRIMARY KEY (room_id, day, since, provider, model)
) STRICT, WITHOUT ROWID;

CREATE INDEX usage_of_day ON usage_of_way (day);

-- The same, shared out among those who spoke in a turn by the length of what they said.
CREATE TABLE usage_of_speaker (
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  day            TEXT NOT NULL,
  since          INTEGER NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('character', 'narrator', 'nobody')),
  -- A character's id; the name of a speaker who has none; empty for the others.
  author         TEXT NOT NULL,
  name           TEXT NOT NULL,
  turns          INTEGER NOT NULL,
  estimated      INTEGER NOT NULL,
  priced         INTEGER NOT NULL,
  input          INTEGER NOT NULL,
  cache_read     INTEGER NOT NULL,
  cache_write    INTEGER NOT NULL,
  output         INTEGER NOT NULL,
  reasoning      INTEGER NOT NULL,
  cost_usd       REAL NOT NULL,
  PRIMARY KEY (room_id, day, since, kind, author)
) STRICT, WITHOUT ROWID;

-- Turns of before. A share ends where the text so far ends, rounded down, so that all shares of a
-- turn come to the turn's own numbers.
CREATE TEMP VIEW told AS
  SELECT t.id, t.room_id, iif(twice.own, date(t.started_at / 1000, 'unixepoch', 'localtime'), '')
           AS day, iif(t.number > r.turns_from, r.turns_from, 0) AS since, t.provider, t.model,
         t.usage_source = 'estimated' AS estimated, t.cost_usd IS NOT NULL AS priced, t.input,
         t.cache_read, t.cache_write, t.output, t.reasoning, coalesce(t.cost_usd, 0) AS cost_usd
  FROM turn t JOIN room r ON r.id = t.room_id
    JOIN (SELECT 0 AS own UNION ALL SELECT 1) AS twice
  WHERE t.usage_source <> 'none' AND t.outcome <> 'running';

INSERT INTO usage_of_way
  SELECT room_id, day, since, provider, model, count(*), sum(estimated), sum(priced), sum(input),
         sum(cache_read), sum(cache_write), sum(output), sum(reasoning), sum(cost_usd)
  FROM told GROUP BY room_id, day, since, provider, model;

CREATE TEMP VIEW spoken AS
  SELECT m.turn_id, m.author_kind AS kind,
         iif(m.author_kind = 'narrator', '', iif(m.author_id = '', m.author_name, m.author_id))
           AS author, m.author_name AS name, length(m.text) AS said,
         sum(length(m.text)) OVER upto AS so_far, sum(length(m.text)) OVER whole AS spoken
  FROM message m WHERE m.author_kind IN ('character', 'narrator') AND length(m.text) > 0
  WINDOW upto AS (PARTITION BY m.turn_id ORDER BY m.position), whole AS (PARTITION BY m.turn_id);

INSERT INTO usage_of_speaker
  SELECT t.room_id, t.day, t.since, coalesce(s.kind, 'nobody'), coalesce(s.author, ''),
         coalesce(max(s.name), ''), count(DISTINCT t.id), count(DISTINCT iif(t.estimated, t.id, NULL)),
         count(DISTINCT iif(t.priced, t.id, NULL)),
         sum(t.input * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
           - t.input * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1)),
         sum(t.cache_read * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
           - t.cache_read * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1)),
         sum(t.cache_write * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
           - t.cache_write * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1)),
         sum(t.output * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
           - t.output * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1)),
         sum(t.reasoning * ifnull(s.so_far, 1) / ifnull(s.spoken, 1)
           - t.reasoning * ifnull(s.so_far - s.said, 0) / ifnull(s.spoken, 1)),
         sum(t.cost_usd * ifnull(s.said, 1) / ifnull(s.spoken, 1))
  FROM told t LEFT JOIN spoken s ON s.turn_id = t.id
  GROUP BY t.room_id, t.day, t.since, coalesce(s.kind, 'nobody'), coalesce(s.author, '');

DROP VIEW spoken;
DROP VIEW told;
