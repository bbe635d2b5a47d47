"""The GraphQL schema of Cordée, composed from the core and the plugins."""
