"""GraphQL over HTTP: requests read and checked, answers negotiated, refusals presented."""
