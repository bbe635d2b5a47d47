"""What is wrong with what was given to a rule, in both languages."""

from functools import partial

from cordee_core import problems

problem = partial(problems.problem, "rules")
