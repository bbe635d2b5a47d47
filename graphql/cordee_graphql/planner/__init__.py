"""The planner: selections of the API compiled to one SQL statement that gives finished JSON.

A type declares beside each field what it is in the database (`declare`); a root field whose whole
selection is declared becomes one statement (`compile`), kept by document and permissions
(`plans`). The way from a plan to bytes is `road.travel` and nothing else. What is not
declared, not permitted or not found goes the ordinary way, with the same result.
"""
