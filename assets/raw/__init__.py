"""The raw zone: what sources delivered, kept for ever, exactly once.

    delivery    what a reader hands over: accepted and rejected rows, batch by batch
    zone        the vintages: written once, found again
    vintages    what is known of one vintage
    quarantine  rejected rows, unreadable files, answers to senders
    attempts    when each source was last asked, and what to ask with next time
    index       what dbt reads beside the data
    schemas     the Parquet schema of each shape
    content     delivered bytes, in memory or in a file; `archive` joins several into one
    keys        keyed hashes of business ids
    reasons     reasons of rejection as they may be published

What does not belong here: reading formats (`assets.landing`, `assets.feeds`) and judging values
(`checks`).
"""
