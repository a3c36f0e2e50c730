"""The landing zone: files that partners drop, CSV or XLSX, under a public contract.

`datasets` says what a dataset's columns are, `reader` turns a file into rows of text with line
numbers, `intake` turns rows into measurements and events or says why it cannot. What does not
belong here: where vintages are kept (raw) and when they are taken in (ingestion).
"""
