"""Requests to a service, followed to their end."""
