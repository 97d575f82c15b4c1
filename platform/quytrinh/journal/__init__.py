"""The append-only record of what happened, chained per case."""
