-- What an AI was sent, so that it can be read again to the letter, and the story's summaries.

-- The texts of prompts, once for all turns of a room that share them; ``mark`` is a fingerprint.
CREATE TABLE prompt_text (
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  mark           TEXT NOT NULL,
  text           TEXT NOT NULL,
  PRIMARY KEY (room_id, mark)
) STRICT;

-- Whether the provider's own conversation went on, and was told the news alone.
ALTER TABLE turn ADD COLUMN went_on INTEGER NOT NULL DEFAULT 0;
-- Why each entry of lore was told or not, and what the next turn must know of it; NULL where no
-- lorebook was in force.
ALTER TABLE turn ADD COLUMN lore TEXT CHECK (lore IS NULL OR json_valid(lore));

-- What the conversation was told besides the story: fingerprints that must still hold.
ALTER TABLE lane ADD COLUMN told TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(told));

-- The story up to a place in a few words. Nothing is overwritten: the newest row of a place holds.
CREATE TABLE summary (
  number         INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  -- The place behind the last message it covers.
  branch_id      TEXT NOT NULL REFERENCES branch (id) ON DELETE CASCADE,
  position       INTEGER NOT NULL CHECK (position >= 0),
  -- How the path up to there read when it was made.
  fingerprint    TEXT NOT NULL,
  -- Who wrote it; empty for the person.
  provider       TEXT NOT NULL DEFAULT '',
  model          TEXT NOT NULL DEFAULT '',
  created_at     INTEGER NOT NULL,
  deleted_at     INTEGER,
  text           TEXT NOT NULL
) STRICT;

CREATE INDEX summary_of_room ON summary (room_id, position);
CREATE INDEX summary_of_branch ON summary (branch_id);
