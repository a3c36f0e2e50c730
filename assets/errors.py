"""The one error type that a person is meant to read.

Everything that an operator, a data engineer or a partner can mend is raised as
`TilannekuvaError`; its text is one readable paragraph that says where the problem is and
what to do about it. Anything else that escapes is a bug.
"""


class TilannekuvaError(Exception):
    """A problem that a person can act on; `str()` of it is one readable paragraph."""


class SourceUnavailable(TilannekuvaError):
    """A source could not be reached or refused to answer; its last good vintage stays in use."""
