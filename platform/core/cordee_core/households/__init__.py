"""Households, relations between persons, and who may act for somebody."""
