"""A publication in the formats that statistics people exchange.

    exports/<publication>/jsonstat/<indicator>_<freq>.json    JSON-stat 2.0
                         /sdmx/<indicator>.csv                SDMX-CSV 2.0
                         /sdmx/<indicator>.csv-metadata.json  CSVW: what its columns hold
                         /dcat.jsonld                         DCAT-AP 3: what there is
    exports/current                                           a link to the newest ones

writing     the folder, which appears complete or not at all
jsonstat    cubes
sdmx        rows and their description
catalogue   the list of all files for data portals
"""

from orchestration.exports.writing import Exports, write_exports

__all__ = ["Exports", "write_exports"]
