"""Cases: opening, selection, referent, stages, timeline."""
