"""The background processes of Cordée: outbox relay, Dramatiq actors, scheduler."""
