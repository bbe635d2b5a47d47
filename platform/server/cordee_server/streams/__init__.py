"""Connections that stay: subscriptions over WebSocket and as server-sent events."""
