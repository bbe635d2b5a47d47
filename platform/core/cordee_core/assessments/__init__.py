"""Uses of an instrument in a case."""
