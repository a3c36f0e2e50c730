"""YAML files that people write, read into a pydantic model; errors name file, line and field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assets.errors import TilannekuvaError

try:  # ten times faster
    from yaml import CSafeLoader as _Loader
except ImportError:  # a build of PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Model = TypeVar("Model", bound=BaseModel)


class Described(BaseModel):
    """Base of what a YAML file describes: nothing unknown in it, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read one file.

    Raises:
        TilannekuvaError: the file cannot be read, is no YAML, gives a key twice, or breaks the
            model; the text names the file, and the line and field of everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = yaml.load(text, Loader=_StrictLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise TilannekuvaError(f"{path.name} cannot be read: {problem}") from None
    try:
        return model.model_validate(raw)
    except ValidationError as problems:
        tree = yaml.compose(text, Loader=_Loader)
        faults = "; ".join(
            f"line {_line_of(tree, problem['loc'])}, "
            f"{'.'.join(map(str, problem['loc'])) or 'the whole file'}: {problem['msg']}"
            for problem in problems.errors()
        )
        raise TilannekuvaError(f"{path.name} is wrong: {faults}.") from None


def _line_of(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """The line (1 = first) of the innermost node on the way to a place."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in place:
        below: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, below = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            below = node.value[step] if step < len(node.value) else None
            line = line if below is None else below.start_mark.line + 1
        if below is None:
            break
        node = below
    return line


class _StrictLoader(_Loader):
    """YAML in which a key given twice is an error: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is given twice in this mapping", node.start_mark
            )
        return mapping
