"""DCAT-AP 3: what the exports hold, for data portals, as JSON-LD.

Addresses are relative to the file itself: it is right wherever the folder is served from.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from orchestration.exports.observed import Observations, Observed

_EU = "http://publications.europa.eu/resource/authority"
#: EU authority of frequencies, by SDMX frequency.
_FREQUENCIES = {"A": "ANNUAL", "S": "ANNUAL_2", "Q": "QUARTERLY", "M": "MONTHLY", "W": "WEEKLY"}
#: IANA media type, EU file type, standard and its page, by what a file's name ends with.
_FORMATS = {
    ".json": ("application/json", "JSON", "JSON-stat 2.0", "https://json-stat.org/format/"),
    ".csv": ("text/csv", "CSV", "SDMX-CSV 2.0", "https://github.com/sdmx-twg/sdmx-csv"),
}


def write_catalogue(
    observations: Observations, files: dict[str, list[Path]], indicators: list[Observed], path: Path
) -> None:
    """Write the list of the files of every indicator."""
    publisher = {"@id": "#publisher", "@type": "foaf:Agent", "foaf:name": "Tilannekuva"}
    catalogue: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _texts(
            {
                "fi": "Tilannekuva: alueiden mittarit",
                "sv": "Tilannekuva: regionernas indikatorer",
                "en": "Tilannekuva: indicators of regions",
            }
        ),
        "dct:description": _texts(
            {
                "fi": "Alueellisen ennakoinnin mittarit, yksi arvo solua kohti.",
                "sv": "Indikatorer för regional framsyn, ett värde per cell.",
                "en": "Indicators of regional foresight, one value a cell.",
            }
            | ({"en": "Sample data: invented figures."} if observations.is_sample else {})
        ),
        "dct:publisher": publisher,
        "dct:modified": _typed(observations.published_at, "dateTime"),
        "dct:language": [{"@id": f"{_EU}/language/{code}"} for code in ("FIN", "SWE", "ENG")],
        "dct:spatial": {"@id": f"{_EU}/country/FIN"},
        "dcat:dataset": [
            _dataset(observations, indicator, files[indicator.indicator], path.parent)
            for indicator in indicators
        ],
    }
    path.write_text(json.dumps(catalogue, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _dataset(
    observations: Observations, indicator: Observed, files: list[Path], root: Path
) -> dict[str, Any]:
    dataset: dict[str, Any] = {
        "@id": f"#{indicator.indicator}",
        "@type": "dcat:Dataset",
        "dct:identifier": indicator.indicator,
        "dct:title": _texts(dict(indicator.names)),
        "dct:description": _texts({"en": indicator.definition}),
        "dct:publisher": {"@id": "#publisher"},
        "dct:modified": _typed(observations.published_at, "dateTime"),
        "dct:spatial": {"@id": f"{_EU}/country/FIN"},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(indicator.first, "date"),
            "dcat:endDate": _typed(indicator.last, "date"),
        },
        "dcat:distribution": [_distribution(indicator, file, root) for file in files],
    }
    if indicator.cadence in _FREQUENCIES:
        frequency = _FREQUENCIES[indicator.cadence]
        dataset["dct:accrualPeriodicity"] = {"@id": f"{_EU}/frequency/{frequency}"}
    return dataset


def _distribution(indicator: Observed, file: Path, root: Path) -> dict[str, Any]:
    address = {"@id": file.relative_to(root).as_posix()}
    media, kind, standard, page = _FORMATS[file.suffix]
    return {
        "@id": f"#{file.name}",
        "@type": "dcat:Distribution",
        "dct:title": _texts({"en": file.name}),
        "dct:description": _texts({"en": f"{indicator.names['en']}, {standard}"}),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": f"http://www.iana.org/assignments/media-types/{media}"},
        "dct:format": {"@id": f"{_EU}/file-type/{kind}"},
        "dct:conformsTo": {"@id": page},
        "dct:license": [
            {"@type": "dct:LicenseDocument", "dct:title": licence, "dct:identifier": source}
            for source, licence in indicator.sources.items()
            if licence
        ],
        "dcat:byteSize": _typed(str(file.stat().st_size), "decimal"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(
                hashlib.sha256(file.read_bytes()).hexdigest(), "hexBinary"
            ),
        },
    }


def _texts(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@language": language, "@value": text} for language, text in texts.items()]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}
