"""What is remembered: one SQLite file and the keyring."""
