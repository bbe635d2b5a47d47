"""Root types of subscriptions, and what they read: each in a module of its own."""
