"""Files of ours and of others: bytes in, parts of a story out, and the other way round."""
