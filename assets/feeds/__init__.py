"""Feeds: what the platform asks for by itself, tables of statistical offices and registers.

    sources/*.yaml  the described tables and registers, one file a source
    descriptions    those files, validated
    connectors      how each kind of service is asked for a described table
    selection       the cells that are asked for
    reading         the bytes of an answer to coded cells
    cells           coded cells to the cells of `table_cells`
    table           the cells of a table against the catalogue: a delivery
    register        the business register as a feed: windows, pages, a delivery
    companies       the records of the business register as events
    structure       what an edition looks like, and how two editions differ
    stub            a first description from a table's metadata
    doctor          descriptions compared with the live services

What does not belong here: the protocols of the services (`assets.services`), the formats of their
answers (`assets.formats`), and what becomes of a delivery (`assets.deliveries`).
"""
