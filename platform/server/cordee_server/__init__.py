"""The web process of Cordée: application, authentication, supervisor, and `cordee up`."""
