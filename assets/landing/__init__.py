"""The landing zone: files that partners drop, CSV or workbook, under a public contract.

    layouts        foreign files that are known, and how they become rows of a dataset
    reader         files to rows of text with line numbers
    understanding  what one cell means in the catalogue
    rules          what a row must fulfil as a whole, and what follows from it
    delivery       rows to typed rows of the raw zone, or to quarantine with a reason
    guidance       how cells are written, in words for people
    pages          what is generated from the declarations: tables of docs, sources of dbt
    choices        lists and checks of the workbooks that partners are handed
    templates      empty and filled-in files for partners
    answers        what the sender of rejected rows is told, as a file that can be corrected

What does not belong here: where vintages are kept (`assets.raw`) and when files are taken in
(`assets.deliveries`).
"""
