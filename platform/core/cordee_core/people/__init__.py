"""Persons whom cases are about."""
