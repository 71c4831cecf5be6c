-- The story can be gone back in: where a branch ends for the person, which one was used last,
-- save slots, and what a change of the past means for what an AI was shown.

ALTER TABLE branch ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
UPDATE branch SET used_at = created_at;
-- The branch's own messages after this position were deleted together. They stay for whoever
-- comes back to them through a slot or by undoing.
ALTER TABLE branch ADD COLUMN cut_position INTEGER;

DROP INDEX branch_of_parent;
CREATE INDEX branch_of_fork ON branch (parent_id, fork_position);

-- How far what an AI is shown of a message has moved from what was first said: a sum of digests
-- that comes back to 0 when a change is taken back.
ALTER TABLE message ADD COLUMN drift INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_drifted ON message (branch_id, position, drift) WHERE drift <> 0;
CREATE INDEX message_deleted ON message (branch_id, position) WHERE deleted_at IS NOT NULL;

-- Turns up to this number belong to a conversation that was cleared away.
ALTER TABLE room ADD COLUMN turns_from INTEGER NOT NULL DEFAULT 0;

-- What a lane has been told: the path up to a position, and how it read then.
ALTER TABLE lane ADD COLUMN branch_id TEXT NOT NULL DEFAULT '';
ALTER TABLE lane ADD COLUMN upto INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lane ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';

CREATE TABLE slot (
  number         INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  branch_id      TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
  position       INTEGER NOT NULL CHECK (position >= 0),
  name           TEXT NOT NULL DEFAULT '',
  -- What it was put there before; NULL if the person saved it.
  before         TEXT,
  created_at     INTEGER NOT NULL,
  deleted_at     INTEGER
) STRICT;

CREATE INDEX slot_of_room ON slot (room_id, number);
CREATE INDEX slot_of_branch ON slot (branch_id);
