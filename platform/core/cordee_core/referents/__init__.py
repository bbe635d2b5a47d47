"""Referents: designation, handover, load, conflicts of interest; the caseload of each."""
