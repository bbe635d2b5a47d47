"""Where persons live, and the areas that the tenant covers."""
