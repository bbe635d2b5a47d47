"""What is due in a case: who, what, by when, by which named rule."""
