"""The circle of a case: everybody around the person."""
