"""The core's types in the API: what each object shows, to whom, and how it is loaded."""
