"""How fast, how large and how right the platform is beside others: `python -m benchmarks`.

What belongs here: made-up input of a stated size, other tools that do the same job, and the
comparison of both. What does not: tests (they need none of this) and anything that a refresh uses.
"""
