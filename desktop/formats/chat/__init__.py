"""Chats of other programs, as rooms one can go on playing."""
