"""One service of food aid."""
