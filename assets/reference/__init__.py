"""The reference rows of regions: how a new year's division becomes rows, after review.

What belongs here: the region seeds as rows, what must hold among them, what a year's published
keys would change, the proposal a person reviews, and its application. What does not: how the
service is asked (`assets.services`), look-ups of regions (`assets.vocabulary`), git.
"""
