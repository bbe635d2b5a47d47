"""Authorisation of services where the programme asks for it, and the referent as gatekeeper."""
