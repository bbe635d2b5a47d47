"""The agreed plan of a case (PSI) with its goals and actions, and the safety plan."""
