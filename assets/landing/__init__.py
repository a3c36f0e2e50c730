"""The landing zone: files that partners drop, CSV or workbook, under a public contract.

    datasets       which columns each dataset has, and what kind of thing they hold
    layouts        foreign files that are known, and how they become rows of a dataset
    reader         files to rows of text with line numbers
    understanding  what one cell means in the catalogue
    rules          what a row must fulfil as a whole, and what follows from it
    delivery       rows to typed rows of the raw zone, or to quarantine with a reason
    guidance       what people are told about the columns, and examples
    choices        lists and checks of the workbooks that partners are handed
    templates      empty and filled-in files for partners
    answers        what the sender of rejected rows is told, as a file that can be corrected

What does not belong here: where vintages are kept (`assets.raw`) and when files are taken in
(`assets.deliveries`).
"""
