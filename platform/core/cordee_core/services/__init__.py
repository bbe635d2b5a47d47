"""Services of the catalog: what can be asked of whom, under which conditions."""
