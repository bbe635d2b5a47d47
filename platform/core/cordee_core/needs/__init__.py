"""Needs, strengths and wishes of a case: dated, with their life domain, source and holder."""
