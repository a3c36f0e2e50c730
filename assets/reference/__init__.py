"""The reference rows of regions: how a new year's division becomes rows, after review.

The region seeds as rows, the rules among them, what a year's published keys would change, the
proposal that a person reviews, and its application. Elsewhere: calls of the service
(`assets.services`), look-ups of regions (`assets.vocabulary`).
"""
