"""The address of a PostgreSQL database, which may hold a password and must never show it.

What belongs here: reading an address and what may be shown of it. What does not: connecting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from assets.errors import TilannekuvaError

#: RFC 3986: what stands unencoded in a part of an address. Anything else must be written as %XX,
#: or the driver takes the address apart elsewhere than its author meant, and repeats the pieces.
_PART = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_ADDRESS = re.compile(
    rf"(?P<scheme>postgres(?:ql)?)://(?:(?P<user>{_PART})(?::(?P<password>{_PART}))?@)?"
    rf"(?P<hosts>(?:[A-Za-z0-9\-._~%,]|\[[0-9A-Fa-f:.]+\]|:\d+)*)"
    rf"(?:/(?P<database>{_PART}))?(?:\?(?P<query>[^#?]*))?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(?=://)")
_SECRET_PARAMETERS = frozenset(
    {"password", "sslpassword", "passfile", "sslkey", "oauth_client_secret"}
)
#: A shorter secret would be found by chance in any sentence.
_SHORTEST_TO_REPLACE = 4


@dataclass(frozen=True)
class PostgresAddress:
    """An address that libpq understands.

    Attributes:
        url: the whole address, for the driver alone; never printed.
        shown: user, host and database, for people.
    """

    url: str = field(repr=False)
    shown: str
    _secrets: frozenset[str] = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> PostgresAddress:
        """Read `postgresql://user:password@host:port/database?parameter=value`.

        Raises:
            TilannekuvaError: another kind of database, or an address that cannot be read. The
                error repeats nothing of the address but the name of a foreign scheme.
        """
        scheme = _SCHEME.match(url)
        if scheme and scheme.group().lower() not in ("postgresql", "postgres"):
            raise TilannekuvaError(
                f"TILANNEKUVA_POSTGRES_URL begins with {scheme.group()}://; publications go to "
                "PostgreSQL only: postgresql://user:password@host:5432/database."
            )
        read = _ADDRESS.fullmatch(url)
        if read is None:
            raise TilannekuvaError(
                "TILANNEKUVA_POSTGRES_URL cannot be read. It looks like "
                "postgresql://user:password@host:5432/database, and every special character of "
                "the user's name and the password is percent-encoded (@ as %40, : as %3A, / as "
                "%2F, # as %23). The address is not repeated here, because it may hold a password."
            )
        parameters = parse_qsl(read["query"] or "", keep_blank_values=True)
        raw_values = [part.partition("=")[2] for part in (read["query"] or "").split("&")]
        secrets = {read["password"] or ""}
        for (name, value), raw in zip(parameters, raw_values, strict=False):
            if name.lower() in _SECRET_PARAMETERS:
                secrets |= {value, raw}
        known = dict(parameters)
        host = read["hosts"] or known.get("host") or "localhost"
        database = unquote(read["database"] or "") or known.get("dbname", "")
        user = unquote(read["user"] or "") or known.get("user", "")
        shown = f"{unquote(host)}{f'/{database}' if database else ''}"
        return cls(url, f"{user}@{shown}" if user else shown, _every_way(secrets))

    def without_secrets(self, message: object) -> str:
        """A driver's message that no part of the password stands in."""
        told = str(message).strip()
        for secret in sorted(self._secrets, key=len, reverse=True):
            if secret not in told:
                continue
            if len(secret) < _SHORTEST_TO_REPLACE:
                return "the driver's message is not repeated, because it may hold the password"
            told = told.replace(secret, "…")
        return told


def _every_way(secrets: set[str]) -> frozenset[str]:
    """The secrets as written, decoded and encoded."""
    ways: set[str] = set()
    for secret in secrets:
        plain = unquote(secret)
        ways |= {secret, plain, quote(plain, safe=""), quote_plus(plain), quote(plain)}
        ways |= {repr(plain)[1:-1]}
    return frozenset(ways - {""})
