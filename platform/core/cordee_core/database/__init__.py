"""PostgreSQL: engine, unit of work, roles, migrations, catalogue linter."""
