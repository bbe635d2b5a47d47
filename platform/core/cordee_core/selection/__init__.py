"""Selection: criteria, the decision of a person, the waiting list, and dry runs of both."""
