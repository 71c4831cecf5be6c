-- Finding messages by text. The index holds tokens of our own (search_text.py); it has no copy of
-- the text, so what is taken out of it has to be told as it was. Saying something costs nothing
-- here: messages are indexed in small steps soon after, in order of their numbers. A search looks
-- through the index and through what is not in it yet, so it misses nothing in between.

CREATE VIRTUAL TABLE message_search USING fts5 (
  body, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);

-- One row: every message up to this number is in the index.
CREATE TABLE search_progress (
  indexed_to  INTEGER NOT NULL
) STRICT;

INSERT INTO search_progress VALUES (0);

-- What has changed since it was indexed, with the text that is in the index.
CREATE TABLE search_stale (
  number   INTEGER PRIMARY KEY,
  indexed  TEXT NOT NULL
) STRICT;

CREATE TRIGGER message_reworded AFTER UPDATE OF text ON message
WHEN old.text <> new.text AND old.number <= (SELECT indexed_to FROM search_progress) BEGIN
  INSERT INTO search_stale (number, indexed) VALUES (old.number, old.text)
    ON CONFLICT DO NOTHING;
END;

-- A number may be given again once the newest message is destroyed, so it must count as new then.
CREATE TRIGGER message_destroyed AFTER DELETE ON message
WHEN old.number <= (SELECT indexed_to FROM search_progress) BEGIN
  INSERT INTO search_stale (number, indexed) VALUES (old.number, old.text)
    ON CONFLICT DO NOTHING;
  UPDATE search_progress
    SET indexed_to = min(indexed_to, (SELECT coalesce(max(number), 0) FROM message));
END;
