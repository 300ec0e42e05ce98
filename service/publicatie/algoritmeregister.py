"""An entry of the Dutch Algoritmeregister: names, lengths and values of standard 1.0 (TRUST X1).

References
----------
Publicatiestandaard Algoritmeregister 1.0 (document 1.0.10, 29 November 2024); names and lengths as
its API takes them: MinBZK/Algoritmeregister, ``backend/app/schemas/config/v1_0.json``.
"""

from html.parser import HTMLParser
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

TAGS = frozenset({"div", "br", "p", "ul", "ol", "li"})
"""HTML that long fields may hold."""

Status = Literal["In ontwikkeling", "In gebruik", "Buiten gebruik"]
Publicatiecategorie = Literal[
    "Hoog-risico AI-systeem", "Impactvolle algoritmes", "Overige algoritmes"
]
Thema = Literal[
    "Organisatie en bedrijfsvoering",
    "Cultuur en recreatie",
    "Economie",
    "Overheidsfinanciën",
    "Wonen",
    "Internationaal",
    "Migratie en integratie",
    "Natuur en milieu",
    "Onderwijs en wetenschap",
    "Openbare orde en veiligheid",
    "Recht",
    "Ruimte en infrastructuur",
    "Sociale zekerheid",
    "Verkeer",
    "Werk",
    "Zorg en gezondheid",
]


class _Reader(HTMLParser):
    """Keeps the text of HTML, and refuses what is more than a bare allowed tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or attrs:
            raise ValueError(f"tag {tag} is not allowed, nor are attributes")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_comment(self, data: str) -> None:
        raise ValueError("a comment is not allowed")

    def handle_decl(self, decl: str) -> None:
        raise ValueError("a declaration is not allowed")

    def handle_pi(self, data: str) -> None:
        raise ValueError("a processing instruction is not allowed")


def text_of(html: str) -> str:
    """Return the text of HTML as a reader sees it, by which the register counts.

    Raises
    ------
    ValueError
        It holds more than bare tags of `TAGS`.

    Examples
    --------
    >>> text_of("<p>Ja &amp; nee</p>")
    'Ja & nee'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


def _html(most: int) -> AfterValidator:
    """Return a check of a long field: allowed tags, and so many characters without them."""

    def check(value: str) -> str:
        found = len(text_of(value).strip())
        if not 0 < found <= most:
            raise ValueError(f"{found} characters of text, and 1 to {most} are allowed")
        return value

    return AfterValidator(check)


def _text(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


Maand = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=500)]
Contact = Annotated[
    str, StringConstraints(pattern=r"^(https://\S+|[^@\s]+@[^@\s]+\.[^@\s]+)$", max_length=500)
]
Lang = Annotated[str, _html(2500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Grondslag(_Strict):
    """A law, and where it stands."""

    title: Annotated[str, _text(100)]
    link: Link


class Impacttoets(_Strict):
    """An impact assessment that was done; the link is for one that is public."""

    title: Annotated[str, _text(500)]
    link: Link | None = None


class Gegevensbron(_Strict):
    """Where data are described."""

    title: Annotated[str, _text(500)]
    link: Link


class Registratie(_Strict):
    """One algorithm as the register takes it; every name is the register's own.

    Fields that the register always shows are required here, also where it would take an entry
    without them; `lars` and `publication_dt` are filled by the register.
    """

    name: Annotated[str, _text(100)]
    description_short: Annotated[str, _text(350)]
    organization: Annotated[str, _text(100)]
    category: Annotated[tuple[Thema, ...], Field(min_length=1, max_length=3)]
    status: Status
    begin_date: Maand | None = None
    end_date: Maand | None = None
    contact_email: Contact
    website: Link | None = None
    publication_category: Publicatiecategorie
    url: Link | None = None
    goal: Lang
    proportionality: Lang
    human_intervention: Lang
    risks: Lang
    lawful_basis: Lang
    lawful_basis_grouping: tuple[Grondslag, ...] | None = None
    process_index_url: Link | None = None
    impacttoetsen_grouping: tuple[Impacttoets, ...] | None = None
    impacttoetsen: Lang
    source_data: Lang
    source_data_grouping: tuple[Gegevensbron, ...] | None = None
    methods_and_models: Annotated[str, _html(5000)]
    provider: Annotated[str, _text(200)]
    publiccode: Link | None = None
    lang: Literal["nld"] = "nld"
    standard_version: Literal["1.0"] = "1.0"
    source_id: Annotated[str, _text(100)]
    tags: Annotated[str, _text(2500)]

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        if self.status != "In ontwikkeling" and self.begin_date is None:
            raise ValueError("begin_date is absent of what is or was in use")
        if (self.status == "Buiten gebruik") != (self.end_date is not None):
            raise ValueError("end_date belongs to what is no longer in use, and only to that")
        return self
