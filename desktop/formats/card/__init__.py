"""Character cards: the fields, and the files they travel in."""
