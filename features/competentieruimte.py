"""One space for codes, national skills and the own words of a school.

What a file calls a competentie finds its place in this order. An exact code counts at once. Free
text is kept as own words (an id that begins with `OWN`) and compared with the names that are
known; what it means most is proposed with a confidence, and counts from the moment that a person
confirms it. Own words that nobody confirmed never reach a feature.
"""

import math
import re
from collections.abc import Iterable, Sequence

import polars as pl

from features.contract import Tables
from features.peildatum import table
from features.tables import TABLES
from features.text_matching import LabelIndex, words

OWN = "tekst:"
"""Begin of the id of own words that came in as free text."""

KOPPELING = pl.Schema({"eigen_id": pl.String, "competentie_id": pl.String})
"""Pairs of own words and the competentie that they mean, as a person confirmed."""

VOORSTEL = pl.Schema(
    {
        "eigen_id": pl.String,
        "tekst": pl.String,
        "rang": pl.Int64,
        "competentie_id": pl.String,
        "titel": pl.String,
        "zekerheid": pl.Float64,
    }
)
"""Proposals: per own words the competenties that come nearest, `rang` 1 is the nearest."""

USED_IN = ("competentiemeting", "leerwerkplek_eis")
"""Tables in which a file may name a competentie in its own words."""

INTERCEPT, BY_SCORE, BY_MARGIN = -5.02, 6.09, 4.93
"""Confidence of a proposal: see `confidence`."""

_CODE = re.compile(r"(?i)^(?:cnl|wv|esco)-\S+$|://|^(?=\S*\d)(?!\S*[^\W\d_]{4})\S+$")
_SEPARATORS = re.compile(r"[\W_]+")


def own_id(text: str) -> str:
    """Return the id of own words; capitals and spaces make no difference.

    Examples
    --------
    >>> own_id("  Klanten  helpen ")
    'tekst:klanten helpen'
    """
    return OWN + " ".join(text.casefold().split())


def is_code(text: str) -> bool:
    """Whether a text is meant as a code: one that is unknown is a mistake, not own words.

    Examples
    --------
    >>> is_code("25748-B1-K1-W9"), is_code("WV-optijd"), is_code("3D-printen"), is_code("VCA")
    (True, True, False, False)
    """
    return bool(_CODE.search(text.strip()))


def find_codes(texts: Iterable[str], competentie_ids: Iterable[str]) -> dict[str, str]:
    """Return the texts that are the code of a competentie, in any spelling of it.

    Capitals, spaces and signs between the parts make no difference; a spelling that fits two
    codes fits none.

    Examples
    --------
    >>> find_codes(["25748 b1-k1-w1", "Op tijd"], ["25748-B1-K1-W1", "WV-op-tijd"])
    {'25748 b1-k1-w1': '25748-B1-K1-W1'}
    """
    exact: set[str] = set()
    by_spelling: dict[str, set[str]] = {}
    for code in competentie_ids:
        exact.add(code)
        if not code.startswith(OWN):
            by_spelling.setdefault(_spelling(code), set()).add(code)
    found = {}
    for text in texts:
        fitting = {text} if text in exact else by_spelling.get(_spelling(text), set())
        if len(fitting) == 1:
            found[text] = next(iter(fitting))
    return found


def _spelling(code: str) -> str:
    return _SEPARATORS.sub("", code).casefold()


def confidence(score: float, margin: float) -> float:
    """Return how likely the nearest name is the right one.

    A logistic curve in the likeness (0 to 1) and in the lead on the next best, fitted on the 7,963
    VDAB competenties with their ESCO skill among 5,453 (every relation of the crosswalk counts as
    right); fitted on one half its calibration error on the other half was 0.02. It tells of
    that kind of list: see ``experiments/text_matching.py`` for lists of another kind.

    Examples
    --------
    >>> round(confidence(1.0, 0.5), 2), round(confidence(0.3, 0.0), 2)
    (0.97, 0.04)
    """
    return 1 / (1 + math.exp(-(INTERCEPT + BY_SCORE * score + BY_MARGIN * margin)))


def propose(
    competenties: pl.DataFrame,
    own: pl.DataFrame,
    *,
    synonyms: pl.DataFrame | None = None,
    rejected: pl.DataFrame | None = None,
    top: int = 3,
) -> pl.DataFrame:
    """Return what own words of schools probably mean.

    Parameters
    ----------
    competenties : DataFrame
        ``competentie_id`` and ``titel`` of what may be meant.
    own : DataFrame
        ``eigen_id`` and ``tekst``, one row per own words.
    synonyms : DataFrame, optional
        ``competentie_id`` and ``titel``: other names, such as words confirmed before.
    rejected : DataFrame with the columns of `KOPPELING`, optional
        Pairs that a person turned down; they are not proposed again.
    top : int
        Proposals per own words, at least 1.

    Returns
    -------
    DataFrame with the columns of `VOORSTEL`
        ``zekerheid`` in (0, 1) stands beside the nearest title only; competenties that share that
        title (a werkproces of several opleidingen) share it equally. Own words that resemble
        nothing have no row. Ordered by ``eigen_id`` and ``rang``, whatever the order given.
    """
    names = _names(competenties, synonyms)
    own = own.sort("eigen_id")
    if not names.height or not own.height:
        return pl.DataFrame(schema=VOORSTEL)
    refused = set(rejected.rows()) if rejected is not None else set()
    ids = names.group_by("thing").agg(pl.col("competentie_id").unique().sort()).sort("thing")
    found = LabelIndex(names["naam"].to_list(), names["thing"].to_list()).search(
        own["tekst"].to_list(), top=top + 1 + len(refused)
    )
    rows: list[tuple[str, str, int, str, float | None]] = []
    for at, (eigen_id, tekst) in enumerate(own.select("eigen_id", "tekst").iter_rows()):
        near = [
            (ids["competentie_id"][thing].to_list(), score)
            for thing, score in zip(found.thing[at].tolist(), found.score[at].tolist(), strict=True)
            if score > 0
        ]
        chosen = [one for one in _ranked(near) if (eigen_id, one[0]) not in refused][:top]
        rows += [(eigen_id, tekst, rang, *one) for rang, one in enumerate(chosen, start=1)]
    schema = {name: dtype for name, dtype in VOORSTEL.items() if name != "titel"}
    titles = competenties.select("competentie_id", "titel")
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .join(titles, on="competentie_id", how="left", maintain_order="left")
        .select(VOORSTEL.names())
    )


def _names(competenties: pl.DataFrame, synonyms: pl.DataFrame | None) -> pl.DataFrame:
    """Return every name with words in it; competenties of the same title are one thing."""
    titles = competenties.select("competentie_id", naam="titel").with_columns(
        wat=pl.col("naam").str.to_lowercase()
    )
    parts = [titles]
    if synonyms is not None:
        parts.append(
            synonyms.select("competentie_id", naam="titel").join(
                titles.select("competentie_id", "wat"), on="competentie_id"
            )
        )
    told = pl.concat(parts).filter(
        pl.col("naam").map_elements(lambda name: bool(words(name)), return_dtype=pl.Boolean)
    )
    return told.sort("wat", "naam", "competentie_id").with_columns(
        thing=pl.col("wat").rank("dense").cast(pl.Int64) - 1
    )


def _ranked(near: Sequence[tuple[list[str], float]]) -> list[tuple[str, float | None]]:
    """Return the ids of the nearest things in order, each with its confidence or None."""
    if not near:
        return []
    (first, score), *others = near
    sure = confidence(score, score - (others[0][1] if others else 0.0)) / len(first)
    return [(one, sure) for one in first] + [(one, None) for group, _ in others for one in group]


def apply_koppelingen(tables: Tables, koppelingen: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables as features may read them: own words have become what they mean.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables as stored.
    koppelingen : DataFrame with the columns of `KOPPELING`
        The confirmed pairs, each ``eigen_id`` once.

    Returns
    -------
    dict of name to DataFrame
        In the tables of `USED_IN` a confirmed own id is replaced, and rows in own words that
        nobody confirmed are left out (an own list that a school gave as a list of competenties
        stays: it means itself). Where a row and a replaced one now say the same thing twice, the
        highest niveau stays, known from the latest day, hard when one is. Other tables stay.
    """
    changed = dict(tables)
    for name in USED_IN:
        if name in tables:
            changed[name] = _replace(tables[name], koppelingen, TABLES[name].key)
    return changed


def _replace(frame: pl.DataFrame, koppelingen: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    linked = dict(koppelingen.select("eigen_id", "competentie_id").iter_rows())
    own = pl.col("competentie_id").str.starts_with(OWN) | pl.col("competentie_id").is_in(
        list(linked)
    )
    if not frame.select(own.any()).item():
        return frame
    meant = frame.with_columns(pl.col("competentie_id").replace(linked)).filter(
        ~pl.col("competentie_id").str.starts_with(OWN)
    )
    largest = [pl.col(name).max() for name in ("niveau", "hard", "bekend_op") if name in frame]
    rest = [
        pl.col(name).first()
        for name in frame.columns
        if name not in {*key, "niveau", "hard", "bekend_op"}
    ]
    merged = meant.group_by(key, maintain_order=True).agg(*largest, *rest)
    return merged.select(frame.columns).sort(key)


def linked_niveaus(tables: Tables, profile: pl.DataFrame) -> pl.DataFrame:
    """Return what judged werkprocessen say of the competenties that they use.

    The national link: a competentie that nobody judged is likely near the niveau of the
    werkprocessen in which it is used. It is no judgement, so it is kept beside the profile.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Canonical tables; `werkproces_competentie` is used.
    profile : DataFrame
        As `features.vaardigheidsprofiel.vaardigheidsprofiel` returns.

    Returns
    -------
    DataFrame
        ``jongere_id``, ``peildatum``, ``competentie_id``, ``niveau_gekoppeld`` (mean over the
        judged werkprocessen that use it, 0 to 4) and ``werkprocessen`` (how many). Competenties
        that were judged themselves have no row. Ordered by the first three.
    """
    keys = ["jongere_id", "peildatum", "competentie_id"]
    uses = table(tables, "werkproces_competentie").select("werkproces_id", "competentie_id")
    return (
        profile.rename({"competentie_id": "werkproces_id"})
        .join(uses, on="werkproces_id")
        .join(profile, on=keys, how="anti")
        .group_by(keys)
        .agg(
            pl.col("niveau").mean().alias("niveau_gekoppeld"),
            pl.len().cast(pl.Int64).alias("werkprocessen"),
        )
        .sort(keys)
    )
