-- What stages point to by a hash: pictures of people ('image/png', with a small one for the page)
-- and what a card says beside them ('application/json'). The large column stands last, so that
-- the small ones are read without it.
CREATE TABLE kept (
  id TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  small BLOB,
  added_at INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
