"""Texts with facts in them: from a template of plain Dutch to HTML that every register takes."""

import html
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from service import dutch
from service.publicatie.feiten import FIGURES, Feiten, ModelFeiten, met_marge
from service.publicatie.organisatie import Antwoorden

FOLDER = Path(__file__).parent
TEKSTEN = FOLDER / "teksten"
OPEN = "Nog te beantwoorden door de organisatie."

_words = Environment(
    undefined=StrictUndefined,
    trim_blocks=True,
    # plain text, which `as_html` escapes
    autoescape=select_autoescape(default_for_string=False),
)
_pages = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {"datum": dutch.datum, "opgemaakt": Markup}
_pages.globals |= {"met_marge": met_marge, "FIGURES": FIGURES}


def filled(
    text: str, feiten: Feiten, antwoorden: Antwoorden, model: ModelFeiten | None = None
) -> str:
    """Return a text with its facts: ``f``, the answers ``o`` and, if it is about one, model ``m``.

    Raises
    ------
    jinja2.UndefinedError
        The text names a fact that nobody knows.
    """
    return _words.from_string(text).render(f=feiten, o=antwoorden, m=model).strip()


def as_html(text: str) -> str:
    r"""Return plain text as HTML: a blank line ends a paragraph, ``- `` begins a line of a list.

    Examples
    --------
    >>> as_html("Een & twee.\n\n- drie\n- vier")
    '<p>Een &amp; twee.</p><ul><li>drie</li><li>vier</li></ul>'
    """
    return "".join(_block(one.strip()) for one in text.split("\n\n") if one.strip())


def page(template: str, context: Mapping[str, object]) -> str:
    """Return a page that stands alone: no script, no font and no image from elsewhere."""
    return _pages.get_template(template).render(context)


def _block(text: str) -> str:
    lines = [html.escape(line.strip(), quote=False) for line in text.splitlines()]
    if all(line.startswith("- ") for line in lines):
        return f"<ul>{''.join(f'<li>{line[2:]}</li>' for line in lines)}</ul>"
    return f"<p>{' '.join(lines)}</p>"
