"""Lorebooks of cards, of SillyTavern and of RisuAI: read into ours and written again."""
