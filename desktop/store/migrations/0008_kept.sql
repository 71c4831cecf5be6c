-- What stages point to by a hash: pictures of people ('image/png', with a small one for the page)
-- and what a card says beside them ('application/json').
CREATE TABLE kept (
  id TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  content BLOB NOT NULL,
  small BLOB,
  added_at INTEGER NOT NULL
) STRICT;
