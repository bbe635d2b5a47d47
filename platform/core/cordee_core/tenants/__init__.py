"""Organisations that subscribe: their plan, settings and enabled plugins."""
