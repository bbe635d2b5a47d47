"""Instruments: versioned questionnaires and grids, their answers checked and scored."""
