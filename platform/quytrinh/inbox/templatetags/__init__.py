"""Template tags of the inbox room."""
