"""Edits of a flow's text, each a small patch that leaves comments and layout alone."""
