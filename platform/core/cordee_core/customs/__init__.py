"""Customs that matter to a person, in the person's own words."""
