"""Interpreters booked for contacts."""
