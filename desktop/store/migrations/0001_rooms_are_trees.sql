-- Rooms are trees: a branch is a run of messages that goes on from a position of its parent.
-- Runs inside one transaction together with its user_version; never edit it, add the next file.
-- Times are milliseconds UTC. Columns that may be long stand last, so that short ones are read
-- without them.

CREATE TABLE room (
  id             TEXT PRIMARY KEY NOT NULL,
  title          TEXT NOT NULL,
  branch_id      TEXT NOT NULL REFERENCES branch (id) DEFERRABLE INITIALLY DEFERRED,
  message_count  INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
  turn_count     INTEGER NOT NULL DEFAULT 0 CHECK (turn_count >= 0),
  last_line      TEXT NOT NULL DEFAULT '',
  sort_order     INTEGER NOT NULL DEFAULT 0,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  archived_at    INTEGER,
  trashed_at     INTEGER,
  draft          TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX room_by_use ON room (updated_at) WHERE trashed_at IS NULL;

-- Apart from its room, which is written with every turn, while the stage is long and seldom changes.
CREATE TABLE stage (
  room_id        TEXT PRIMARY KEY NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  content        TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

CREATE TABLE branch (
  id             TEXT PRIMARY KEY NOT NULL,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  parent_id      TEXT REFERENCES branch (id) ON DELETE RESTRICT,
  fork_position  INTEGER NOT NULL DEFAULT 0 CHECK (fork_position >= 0),
  -- Position of the newest message, the fork position while the branch is empty.
  tip_position   INTEGER NOT NULL CHECK (tip_position >= fork_position),
  -- Messages not deleted on the whole path from the root to the tip.
  message_count  INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
  kind           TEXT NOT NULL CHECK (kind IN ('main', 'alternative', 'slot', 'fresh')),
  name           TEXT NOT NULL DEFAULT '',
  created_at     INTEGER NOT NULL,
  trashed_at     INTEGER,
  CHECK (parent_id IS NOT NULL OR fork_position = 0)
) STRICT;

CREATE INDEX branch_of_room ON branch (room_id);
CREATE INDEX branch_of_parent ON branch (parent_id);

CREATE TABLE turn (
  number         INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  branch_id      TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
  -- The line that is answered; it may have been said in an earlier turn.
  line_id        TEXT REFERENCES message (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  provider       TEXT NOT NULL,
  model          TEXT NOT NULL DEFAULT '',
  outcome        TEXT NOT NULL
    CHECK (outcome IN ('running', 'complete', 'stopped', 'failed', 'interrupted')),
  started_at     INTEGER NOT NULL,
  first_text_ms  INTEGER,
  total_ms       INTEGER,
  input          INTEGER NOT NULL DEFAULT 0,
  cache_read     INTEGER NOT NULL DEFAULT 0,
  cache_write    INTEGER NOT NULL DEFAULT 0,
  output         INTEGER NOT NULL DEFAULT 0,
  reasoning      INTEGER NOT NULL DEFAULT 0,
  cost_usd       REAL,
  context_window INTEGER,
  usage_source   TEXT NOT NULL DEFAULT 'none'
    CHECK (usage_source IN ('reported', 'estimated', 'none')),
  session        TEXT NOT NULL DEFAULT '',
  problem        TEXT CHECK (problem IS NULL OR json_valid(problem)),
  segments       TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(segments)),
  raw            TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX turn_of_room ON turn (room_id, number);
CREATE INDEX turn_of_branch ON turn (branch_id);
CREATE INDEX turn_of_line ON turn (line_id);
CREATE INDEX turn_running ON turn (number) WHERE outcome = 'running';

CREATE TABLE message (
  number         INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  branch_id      TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
  -- Counts from 1 along the path from the root, so a branch begins at its fork position + 1.
  position       INTEGER NOT NULL CHECK (position >= 1),
  turn_id        TEXT REFERENCES turn (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  author_kind    TEXT NOT NULL CHECK (author_kind IN ('user', 'character', 'narrator', 'note')),
  author_id      TEXT NOT NULL DEFAULT '',
  author_name    TEXT NOT NULL,
  author_dye     TEXT NOT NULL DEFAULT '',
  status         TEXT NOT NULL CHECK (status IN ('complete', 'partial', 'stopped', 'failed')),
  -- Author ids of those who perceived it; NULL is everyone.
  audience       TEXT CHECK (audience IS NULL OR json_valid(audience)),
  -- Kept from the AI, shown to the person.
  hidden         INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  created_at     INTEGER NOT NULL,
  edited_at      INTEGER,
  deleted_at     INTEGER,
  text           TEXT NOT NULL,
  UNIQUE (branch_id, position)
) STRICT;

CREATE INDEX message_of_turn ON message (turn_id);
CREATE INDEX message_of_room ON message (room_id);

-- The texts a message had before it was edited, oldest first.
CREATE TABLE message_text (
  message_id     TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  version        INTEGER NOT NULL CHECK (version >= 1),
  replaced_at    INTEGER NOT NULL,
  text           TEXT NOT NULL,
  PRIMARY KEY (message_id, version)
) STRICT;

-- What has come of a running answer, in pieces; empty while nobody is answering.
CREATE TABLE journal (
  turn_id        TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
  part           INTEGER NOT NULL CHECK (part >= 1),
  text           TEXT NOT NULL,
  PRIMARY KEY (turn_id, part)
) STRICT, WITHOUT ROWID;

-- Where a conversation lives at a provider. An empty speaker is the whole ensemble.
CREATE TABLE lane (
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  speaker        TEXT NOT NULL DEFAULT '',
  provider       TEXT NOT NULL,
  session        TEXT NOT NULL,
  updated_at     INTEGER NOT NULL,
  PRIMARY KEY (room_id, speaker, provider)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name           TEXT PRIMARY KEY NOT NULL,
  value          TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;
