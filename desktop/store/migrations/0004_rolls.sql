-- What the program rolled. The message's own author kind is 'note', for its CHECK is older than
-- dice; a message with a row here is spoken by the dice.
CREATE TABLE roll (
  number         INTEGER PRIMARY KEY,
  room_id        TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE,
  -- Rolls stay when their message goes: the chain of the room needs every one.
  message_id     TEXT NOT NULL UNIQUE,
  sealed         TEXT NOT NULL CHECK (json_valid(sealed))
) STRICT;
CREATE INDEX roll_of_room ON roll (room_id, number);
