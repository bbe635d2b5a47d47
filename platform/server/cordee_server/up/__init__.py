"""`cordee up`: everything that Cordée needs, started in order, watched, and stopped together."""
