"""Data Docs: the newest results of the raw checks as pages for a browser.

Great Expectations renders the results; its own page frame links style sheets, scripts, fonts
and a logo elsewhere, so only the sections are taken from it and stand in a frame of ours. What
is left is cleaned by an allow list: the pages open without a network, and a cell that a partner
delivered cannot become markup that does something.
"""

from __future__ import annotations

import copy
import html
import os
import re
import shutil
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

#: Most codes of a value set on a page; there are hundreds of regions.
_CODES_SHOWN = 20
_VOID = frozenset({"br", "hr", "wbr"})
_KEPT = _VOID | {
    *("a", "b", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i"),
    *("li", "ol", "p", "pre", "small", "span", "strong", "u", "ul"),
    *("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
_DROPPED_WHOLE = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "svg", "math"}
    | {"button", "select", "textarea", "title"}
)
_ATTRIBUTES = frozenset({"class", "colspan", "rowspan", "href"})
_HREF = re.compile(r"^https?://")
#: Great Expectations marks success and failure by icons of a font that is not loaded here.
_ICONS = {"fa-check-circle": "✔", "fa-times": "✘", "fa-exclamation-triangle": "!"}

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#fff;max-width:72rem;
margin:0 auto;padding:1rem 1.5rem 4rem}
a{color:#0b5394}h1{font-size:1.6rem}h2,h3,h4,h5{font-size:1.1rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;margin:.5rem 0 1rem;width:100%}
th,td{border:1px solid #c9d1d9;padding:.35rem .6rem;text-align:left;vertical-align:top;
overflow-wrap:anywhere}
th{background:#eef2f6;overflow-wrap:normal}
a:not([href]){color:inherit}th p,td p{margin:0}
.badge{background:#eef2f6;border-radius:.25rem;padding:0 .3rem}
.text-success,.good{color:#1a7f37}.text-danger,.bad{color:#b42318;font-weight:600}
[hidden]{display:none}
"""


def write_data_docs(results: Sequence[ExpectationSuiteValidationResult], directory: Path) -> None:
    """Write `index.html` and one page per suite, in place of what the folder held before.

    Args:
        results: validation results, one per suite; their names become file names.
        directory: the folder; it is replaced, so it holds the newest run only.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    building = directory.with_name(f".{directory.name}.{os.getpid()}.new")
    former = directory.with_name(f".{directory.name}.{os.getpid()}.old")
    for leftover in (building, former):
        shutil.rmtree(leftover, ignore_errors=True)
    building.mkdir()
    try:
        for result in results:
            (building / _file_of(result)).write_text(_suite_page(result), encoding="utf-8")
        (building / "index.html").write_text(_index_page(results), encoding="utf-8")
        if directory.exists():
            directory.rename(former)
        building.rename(directory)
    finally:
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _file_of(result: ExpectationSuiteValidationResult) -> str:
    return re.sub(r"\W+", "_", result.suite_name) + ".html"


def _title_of(result: ExpectationSuiteValidationResult) -> str:
    return result.suite_name.replace("_", " ").capitalize()


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _index_page(results: Sequence[ExpectationSuiteValidationResult]) -> str:
    lines = []
    for result in results:
        failed = sum(1 for outcome in result.results if not outcome.success)
        verdict = f'<span class="bad">✘ {failed} failed</span>' if failed else ""
        lines.append(
            f'<tr><td><a href="{_file_of(result)}">{html.escape(_title_of(result))}</a></td>'
            f"<td>{len(result.results)}</td>"
            f"<td>{verdict or '<span class=good>✔ passed</span>'}</td></tr>"
        )
    table = (
        "<table><thead><tr><th>Suite</th><th>Expectations</th><th>Result</th></tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
        if lines
        else "<p>Nothing has been delivered, so there was nothing to judge.</p>"
    )
    return _page(
        "Data Docs of the raw zone",
        "<h1>Data Docs of the raw zone</h1>\n<p>The last judgement of the current vintages: a "
        "<em>columns</em> suite looks at the columns of every file, a <em>rows</em> suite at "
        f"their cells.</p>\n{table}",
    )


def _suite_page(result: ExpectationSuiteValidationResult) -> str:
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaSectionView

    document = ValidationResultsPageRenderer().render(_shortened(result)).to_json_dict()
    view: Any = DefaultJinjaSectionView()
    sections = []
    for number, section in enumerate(document["sections"], start=1):
        # Collapsed parts describe the library's run, and need a script to open.
        section["content_blocks"] = [
            block
            for block in section["content_blocks"]
            if block["content_block_type"] != "collapse"
        ]
        sections.append(view.render({"section": section, "section_loop": {"index": number}}))
    title = _title_of(result)
    return _page(
        title,
        f'<p><a href="index.html">All suites</a></p>\n<h1>{html.escape(title)}</h1>\n'
        + "\n".join(map(_cleaned, sections)),
    )


def _shortened(result: ExpectationSuiteValidationResult) -> ExpectationSuiteValidationResult:
    """A copy for people: long value sets are cut, unexpected pairs are written plainly.

    The rule was checked on all rows.
    """
    short = copy.deepcopy(result)
    for outcome in short.results:
        config = outcome.expectation_config
        values = config.kwargs.get("value_set") if config else None
        if config and values and len(values) > _CODES_SHOWN:
            config.kwargs["value_set"] = [
                *values[:_CODES_SHOWN],
                f"… and {len(values) - _CODES_SHOWN} more",
            ]
        shown = outcome.result
        if shown.get("partial_unexpected_list"):
            shown["partial_unexpected_list"] = [
                _plain(value) for value in shown["partial_unexpected_list"]
            ]
        for entry in shown.get("partial_unexpected_counts") or []:
            entry["value"] = _plain(entry["value"])
    return short


def _plain(value: Any) -> Any:
    return " beside ".join(str(part) for part in value) if isinstance(value, tuple) else value


class _Cleaner(HTMLParser):
    """Keeps text, plain elements and harmless attributes; nothing that loads or runs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._inside_dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED_WHOLE or self._inside_dropped:
            if tag in _DROPPED_WHOLE:
                self._inside_dropped.append(tag)
            return
        if tag not in _KEPT:
            return
        kept = "".join(
            f' {name}="{html.escape(value or "")}"'
            for name, value in attrs
            if name in _ATTRIBUTES and (name != "href" or _HREF.match(value or ""))
        )
        hidden = " hidden" if tag == "thead" and ("hidden", None) in attrs else ""
        self.kept.append(f"<{tag}{kept}{hidden}>")
        for word in (dict(attrs).get("class") or "").split():
            self.kept.append(_ICONS.get(word, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED_WHOLE:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside_dropped:
            if tag == self._inside_dropped[-1]:
                self._inside_dropped.pop()
        elif tag in _KEPT and tag not in _VOID:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._inside_dropped:
            self.kept.append(html.escape(data, quote=False))


def _cleaned(markup: str) -> str:
    cleaner = _Cleaner()
    cleaner.feed(markup)
    cleaner.close()
    return re.sub(r"\n\s*\n+", "\n", "".join(cleaner.kept))
