"""Volunteers and community workers: the cases they go to, what they report."""
