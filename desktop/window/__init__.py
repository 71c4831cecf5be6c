"""The window and the process around it: what pywebview and each system need to behave."""
