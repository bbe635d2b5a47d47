"""Rules evaluated for a case, and the human decision beside them."""
