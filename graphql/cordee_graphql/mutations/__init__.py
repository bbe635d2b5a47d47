"""Mutations by feature: one root field, one use case, one transaction, one payload."""
