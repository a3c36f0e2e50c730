"""The layers of the dbt project: what each may read, and what may leave for the published tables.

Everything is proven from dbt's parsed project (its manifest), before anything is built. What is
said of single models (names, contracts, exposures) is in `drift`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

#: In the order of the flow; a model reads models of its own layer and of those before it.
LAYERS = ("staging", "intermediate", "core", "disclosure", "marts", "functions")
_PUBLISHED = re.compile(r"\s*\{\{\s*published\((?P<arguments>[^{}()]*)\)\s*\}\}\s*")
_MASKS = re.compile(r"masks=\[(?P<columns>[^\]]*)\]")
_NUMBERS = ("double", "decimal", "integer", "bigint", "hugeint", "float", "real", "smallint")

Models = Mapping[str, Mapping[str, Any]]


def layer_of(node: Mapping[str, Any]) -> str:
    """The layer of a model, which is its folder below `models/`; `catalogue` for seeds."""
    return "catalogue" if node["resource_type"] == "seed" else str(node["fqn"][1])


def folder_of(node: Mapping[str, Any]) -> str:
    """The folder of a model, two levels deep (`intermediate_events`); `catalogue` for seeds."""
    return "_".join([layer_of(node), *node["fqn"][2:-1][:1]])


def faults_of_layers(manifest: Mapping[str, Any], customer_datasets: set[str]) -> Iterator[str]:
    """Where a model reads what it must not, in words.

    Args:
        manifest: dbt's manifest.
        customer_datasets: shapes of the raw zone whose rows are counted as customers.
    """
    models = {k: n for k, n in manifest["nodes"].items() if n["resource_type"] == "model"}
    yield from _one_way(models, manifest)
    yield from _contracts(models)
    yield from _folders(models)
    yield from _marts(models, customer_datasets)


def _parents(node: Mapping[str, Any]) -> list[str]:
    return list(node.get("depends_on", {}).get("nodes", ()))


def _one_way(models: Models, manifest: Mapping[str, Any]) -> Iterator[str]:
    for node in sorted(models.values(), key=lambda node: node["name"]):
        name, layer = node["name"], layer_of(node)
        for parent_id in _parents(node):
            if parent_id in manifest["sources"]:
                if layer != "staging":
                    yield f"model {name} reads the raw zone past its staging model"
            elif parent_id in models:
                parent = models[parent_id]
                if LAYERS.index(layer_of(parent)) > LAYERS.index(layer):
                    yield f"model {name} reads {parent['name']}, which is downstream of it"
                elif layer == "staging":
                    yield f"staging model {name} reads the model {parent['name']}"


def _contracts(models: Models) -> Iterator[str]:
    """What leaves the raw zone, and what is published, is listed by name and type."""
    for node in sorted(models.values(), key=lambda node: node["name"]):
        contract = node["config"].get("contract") or {}
        if layer_of(node) in ("staging", "marts") and not contract.get("enforced"):
            yield f"model {node['name']} has no enforced contract"


def _folders(models: Models) -> Iterator[str]:
    """No folder is both up- and downstream of another: the graph of the folders has an order."""
    flow: dict[str, set[str]] = {}
    for node in models.values():
        parents = {folder_of(models[parent]) for parent in _parents(node) if parent in models}
        flow.setdefault(folder_of(node), set()).update(parents - {folder_of(node)})
    try:
        TopologicalSorter(flow).prepare()
    except CycleError as error:
        yield f"data run in a circle between the folders {' -> '.join(reversed(error.args[1]))}"


def _marts(models: Models, customer_datasets: set[str]) -> Iterator[str]:
    """A mart is one call of `published`; of counts of customers it shows what was judged."""
    counts = _descendants(models, {f"stg_{dataset}" for dataset in customer_datasets})
    for node in sorted(models.values(), key=lambda node: node["name"]):
        if layer_of(node) != "marts":
            continue
        name = node["name"]
        call = _PUBLISHED.fullmatch(node["raw_code"])
        is_derived = call is not None and 'of="derived"' in call["arguments"]
        core, masked = f"{'derived' if is_derived else 'core'}_{name}", f"masked_{name}"
        reads = {models[parent]["name"] for parent in _parents(node) if parent in models}
        if call is None or not reads or reads - {core, masked} or core not in reads:
            yield (
                f"mart {name} is more than its core table: its SQL is one call of `published` "
                f"and reads {core}, and {masked} where something is suppressed"
            )
            continue
        meta = node["config"].get("meta", {})
        if masked in reads:
            yield from _columns_judged(node, call["arguments"], meta.get("never_suppressed", []))
        elif is_derived:
            yield from _of_published_figures(models, core)
        elif counts & set(_parents(node)) and not meta.get("shows_no_counts"):
            yield (
                f"mart {name} is made of counts of customers: mask them by a model {masked}, or "
                "say in `meta.shows_no_counts` why none can be told from it"
            )


def _of_published_figures(models: Models, name: str) -> Iterator[str]:
    """A table that is made of published figures reads no true ones."""
    (derived,) = (node for node in models.values() if node["name"] == name)
    for parent in _parents(derived):
        if parent in models and folder_of(models[parent]) == "core_facts":
            fact = models[parent]["name"]
            yield f"model {name} reads {fact}: read what is shown of it, shown_{fact[5:]}"


def _columns_judged(node: Mapping[str, Any], call: str, never: list[str]) -> Iterator[str]:
    """Every number of a table with masks is masked, or declared as one that tells no count."""
    found = _MASKS.search(call)
    masks = set(re.findall(r"\w+", found["columns"])) if found else set()
    columns = {name.lower(): column["data_type"] for name, column in node["columns"].items()}
    numbers = {name for name, kind in columns.items() if (kind or "").lower().startswith(_NUMBERS)}
    for column in sorted(numbers - masks - set(never)):
        yield (
            f"column {node['name']}.{column} is a number of a table with suppressed rows: mask it, "
            "or list it in `meta.never_suppressed` if no count can be told from it"
        )
    for column in sorted((masks | set(never)) - set(columns)):
        yield f"mart {node['name']} masks or declares {column}, which is no column of it"


def _descendants(models: Models, roots: set[str]) -> set[str]:
    """Ids of the models that are made of one of these, and their own."""
    found = {key for key, node in models.items() if node["name"] in roots}
    ahead = list(found)
    children: dict[str, list[str]] = {}
    for key, node in models.items():
        for parent in _parents(node):
            children.setdefault(parent, []).append(key)
    while ahead:
        for child in children.get(ahead.pop(), ()):
            if child not in found:
                found.add(child)
                ahead.append(child)
    return found
