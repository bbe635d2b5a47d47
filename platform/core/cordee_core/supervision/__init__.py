"""Those who work are helped: supervision, ethics consultation, conferences."""
