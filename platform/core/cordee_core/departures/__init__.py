"""Departures from a method: recorded with their reason, never blocked."""
