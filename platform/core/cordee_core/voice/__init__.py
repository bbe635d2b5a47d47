"""The person's own voice in a case."""
