"""The shared vocabulary of the page and the program. Imports nothing of ours."""
