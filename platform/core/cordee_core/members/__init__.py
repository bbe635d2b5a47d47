"""Members, invitations and teams of a tenant."""
