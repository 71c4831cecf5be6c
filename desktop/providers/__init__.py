"""The ways to an AI. Everything vendor-shaped stays on this floor."""
