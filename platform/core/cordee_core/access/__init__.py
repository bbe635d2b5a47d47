"""Who may do what: permissions, roles, the signed context, tokens."""
