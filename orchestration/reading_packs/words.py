"""Codes of the marts in Finnish, as reading packs show them."""

from __future__ import annotations

from collections.abc import Mapping

#: Codes of the marts in Finnish; the catalogue's own words (groups, progress, segments, sources)
#: come with the content.
WORDS: Mapping[str, str] = {
    "absent": "puuttuu",
    "late": "myöhässä",
    "suppressed": "salattu",
    "not_available": "ei saatavilla",
    "partial": "osittainen",
    "series_break": "sarjakatko",
    "stale_source": "lähde vaiti",
    "unknown": "ei tiedetä, kenen pitäisi raportoida",
    "duplicate": "toistuva",
    "conflict": "ristiriita",
    "redundant": "sama tieto kahdesti",
    "period_overlap": "päällekkäiset jaksot",
    "nested_region": "alue alueen sisällä",
    "nested_segment": "summa osiensa rinnalla",
    "same_event": "sama tapahtuma",
    "approved": "hyväksytty",
    "not_approved": "ei hyväksytty",
    "not_delivered": "ei toimitettu",
    "not_due": "ei vielä ajankohtainen",
    "held": "pidetty",
    "not_held": "ei pidetty",
    "planned": "suunniteltu",
    "missing": "puuttuu",
    "expected": "vuosikellon kokous",
    "optional": "vuosikellon lisäkokous",
    "extra": "ylimääräinen",
    "running": "kesken",
    "at_least": "vähintään",
    "at_most": "enintään",
    "yes": "kyllä",
    "no": "ei",
    "on_the_way": "vuosi kesken",
    "count": "kpl",
    "persons": "henkilöä",
    "EUR": "€",
    "percent": "%",
    "ratio": "suhde",
    "score": "pistettä",
    "boolean": "1 = kyllä",
}
