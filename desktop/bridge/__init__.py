"""The edge to the page: one call in, batches of events out."""
