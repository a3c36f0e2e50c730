"""Speed, memory and correctness of the platform against other tools: `python -m benchmarks`.

Synthetic input of a stated size, other tools for the same job, and the comparison. No test and no
refresh uses this package.
"""
