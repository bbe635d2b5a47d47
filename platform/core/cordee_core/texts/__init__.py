"""What persons read, in the languages that the tenant added."""
