"""The web process of Cordée: Litestar application, authentication, the Hypercorn supervisor and cordee up."""
