"""An address of PostgreSQL never shows any part of its password, whatever is wrong with it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.errors import TilannekuvaError
from assets.postgres_address import PostgresAddress
from assets.settings import Settings

PASSWORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=4)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://analyst:s3cret@db.example:5433/picture", "analyst@db.example:5433/picture"),
        ("postgres://db.example", "db.example"),
        ("postgresql://", "localhost"),
        ("postgresql://postgres:@/postgres?host=/run/pg", "postgres@/run/pg/postgres"),
        ("postgresql://a,b:5432/d?user=reader&password=s3cret", "reader@a,b:5432/d"),
        ("postgresql://u@[::1]:5432/d", "u@[::1]:5432/d"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    address = PostgresAddress.parse(url)
    assert address.shown == shown
    assert "s3cret" not in repr(address)
    assert address.url == url


@given(PASSWORDS)
def test_an_encoded_password_is_taken_out_of_every_message(password: str) -> None:
    encoded = quote(password, safe="")
    address = PostgresAddress.parse(f"postgresql://u:{encoded}@h/d")
    for form in (password, encoded):
        told = address.without_secrets(f"authentication failed: {form} is wrong")
        assert form not in told.replace("authentication failed: ", "").replace(" is wrong", "")


@given(PASSWORDS, st.sampled_from(["postgresql://u:{}@h/d", "postgresql://{}@h:x/d"]))
def test_an_address_that_cannot_be_read_is_not_repeated(password: str, form: str) -> None:
    """The error is the same whatever the address, so nothing of it can stand there."""
    with pytest.raises(TilannekuvaError) as caught:
        PostgresAddress.parse(form.format(f"{password}@ /"))
    with pytest.raises(TilannekuvaError) as same:
        PostgresAddress.parse("not an address")
    assert str(caught.value) == str(same.value)


@pytest.mark.parametrize(
    "url", ["mysql://u:s3cret@h/d", "MSSQL://u:s3cret@h/d", "sqlite:///s3cret"]
)
def test_another_database_stops_at_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_POSTGRES_URL", url)
    with pytest.raises(TilannekuvaError, match="PostgreSQL only") as caught:
        Settings.load()
    assert "s3cret" not in str(caught.value)
