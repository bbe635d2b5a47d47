"""Programmes, their methods, and the models that carry them out."""
