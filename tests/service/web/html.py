"""Reads a page as a strict reader would, and says what is wrong with it."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})
CONTROLS = frozenset({"input", "select", "textarea"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby")
NAMED = frozenset({"a", "button", "label", "summary", "option", "title", "h1", "h2", "h3", "h4"})


@dataclass
class Element:
    """One element with its attributes and all text under it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Reader(HTMLParser):
    """Elements in order of appearance, and every tag that does not fit."""

    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)
    doctype: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"attribute twice on <{tag}>")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.problems.append(f"<{tag}/> closes itself")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes nothing")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def finish(self) -> None:
        self.close()
        self.problems += [f"<{element.tag}> stays open" for element in self._open]

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


def read(html: str) -> Reader:
    """Return the elements of a page."""
    reader = Reader()
    reader.feed(html)
    reader.finish()
    return reader


def find_problems(html: str) -> list[str]:
    """List what is wrong with a page; an empty list for a good one."""
    reader = read(html)
    return [
        *reader.problems,
        *_document(reader),
        *_ids(reader),
        *_headings(reader),
        *_forms(reader),
        *_content_security(reader),
        *(
            f"<{element.tag}> has no name"
            for element in reader.all(*NAMED)
            if not (element.text.strip() or element.attributes.get("aria-label"))
        ),
    ]


def _document(reader: Reader) -> list[str]:
    problems = []
    if reader.doctype != "doctype html":
        problems.append("no doctype")
    if [element.attributes.get("lang") for element in reader.all("html")] != ["nl"]:
        problems.append("lang is not nl")
    # the title of a drawing has an id, by which the drawing is named
    titles = [one for one in reader.all("title") if "id" not in one.attributes]
    if len(titles) != 1 or not reader.all("main"):
        problems.append("not one title and a main")
    return problems


def _ids(reader: Reader) -> list[str]:
    ids = Counter(
        element.attributes["id"] for element in reader.elements if "id" in element.attributes
    )
    problems = [f"id {name} occurs {count} times" for name, count in ids.items() if count > 1]
    problems += [
        f"{reference} leads to no {name}"
        for element in reader.elements
        for reference in REFERENCES
        for name in element.attributes.get(reference, "").split()
        if name not in ids
    ]
    return problems


def _headings(reader: Reader) -> list[str]:
    levels = [int(element.tag[1]) for element in reader.all("h1", "h2", "h3", "h4", "h5", "h6")]
    problems = [] if levels.count(1) == 1 else [f"{levels.count(1)} h1"]
    problems += [
        f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1
    ]
    return problems


def _forms(reader: Reader) -> list[str]:
    labels = {element.attributes.get("for") for element in reader.all("label")}
    problems = [
        f"{element.tag} {element.attributes.get('name')} has no label"
        for element in reader.all(*CONTROLS)
        if element.attributes.get("type") != "hidden" and element.attributes.get("id") not in labels
    ]
    problems += [
        "form without action or method"
        for element in reader.all("form")
        if not {"action", "method"} <= set(element.attributes)
    ]
    return problems


def _content_security(reader: Reader) -> list[str]:
    problems = []
    for element in reader.elements:
        kept_apart = {"src", "defer"} <= set(element.attributes) and not element.text.strip()
        inline = element.tag == "style" or (element.tag == "script" and not kept_apart)
        if "style" in element.attributes or inline:
            problems.append(f"inline style or script in <{element.tag}>")
        if any(name.startswith("on") for name in element.attributes):
            problems.append(f"event handler on <{element.tag}>")
        problems += [
            f"{name} leaves the site: {element.attributes[name]}"
            for name in ("src", "href", "action")
            if not element.attributes.get(name, "/").startswith(("/", "#"))
        ]
    return problems
