"""Consents of the person, and rows shared between tenants."""
