"""Counts that dashboards show, kept up to date by whoever writes."""
