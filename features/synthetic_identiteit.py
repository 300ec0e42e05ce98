"""Invented names, addresses and numbers of persons in a made-up region."""

import numpy as np
import polars as pl

from features.synthetic_config import Ints, RegionConfig
from features.synthetic_records import jongere_ids

BRON_IDENTITEIT = "leerlingenadministratie"
HIGHEST_NUMBER = 999_999_999
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
VOORNAMEN = [
    "Aad",
    "Amira",
    "Anouk",
    "Bas",
    "Bilal",
    "Britt",
    "Cas",
    "Chaima",
    "Daan",
    "Demi",
    "Eline",
    "Elif",
    "Emre",
    "Esra",
    "Femke",
    "Finn",
    "Gijs",
    "Hamza",
    "Hanna",
    "Ilse",
    "Imane",
    "Isa",
    "Jayden",
    "Jelle",
    "Jip",
    "Julia",
    "Kaan",
    "Kim",
    "Koen",
    "Lars",
    "Lotte",
    "Luuk",
    "Maud",
    "Mees",
    "Mila",
    "Mohamed",
    "Naomi",
    "Nick",
    "Noor",
    "Omar",
    "Pim",
    "Puck",
    "Quinten",
    "Rayan",
    "Roos",
    "Ruben",
    "Saar",
    "Samir",
    "Sem",
    "Sofie",
    "Stijn",
    "Tess",
    "Thijs",
    "Tygo",
    "Veerle",
    "Vera",
    "Wessel",
    "Yara",
    "Yusuf",
    "Zoë",
]
NAAMDELEN = (
    (
        "Aal",
        "Berk",
        "Dier",
        "Eik",
        "Groot",
        "Haver",
        "Kolk",
        "Lins",
        "Mark",
        "Nij",
        "Olden",
        "Roer",
        "Slot",
        "Wes",
    ),
    (
        "dink",
        "enbos",
        "erink",
        "hof",
        "horst",
        "huis",
        "ing",
        "kamp",
        "man",
        "mans",
        "sema",
        "stra",
        "veld",
        "wold",
    ),
)
TUSSENVOEGSELS = ("", "", "", "", "van", "de", "ten", "van der")
STRATEN = (
    "Lindelaan",
    "Kerkstraat",
    "Molenweg",
    "Eikenlaan",
    "Dorpsstraat",
    "Beekpad",
    "Hofstraat",
    "Zandweg",
)
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"


def draw_numbers(config: RegionConfig) -> pl.DataFrame:
    """Return a number for each jongere that satisfies the elfproef, from the highest down.

    Returns
    -------
    DataFrame
        ``jongere_id`` and ``nummer`` (nine digits); all different. Such high numbers are not
        given to people.

    Raises
    ------
    ValueError
        There are not so many numbers.
    """
    span = min(12 * config.jongeren + 100, HIGHEST_NUMBER)
    numbers = HIGHEST_NUMBER - np.arange(span)
    total = sum(numbers // 10 ** (8 - i) % 10 * weight for i, weight in enumerate(WEIGHTS))
    valid = numbers[np.asarray(total) % 11 == 0][: config.jongeren]
    if valid.size < config.jongeren:
        raise ValueError(f"no {config.jongeren} numbers satisfy the elfproef")
    shuffled = config.rng(9).permutation(valid)
    return pl.DataFrame(
        {
            "jongere_id": jongere_ids(np.arange(config.jongeren)),
            "nummer": pl.Series(shuffled).cast(pl.String),
        }
    )


def draw_identiteit(config: RegionConfig, jongeren: pl.DataFrame) -> pl.DataFrame:
    """Return an invented name and address for each row of the table jongere.

    The postcode is that of the table; some have none, and some no telephone number.
    """
    rng = config.rng(10)
    n = config.jongeren

    def pick(options: tuple[str, ...] | list[str]) -> pl.Series:
        return pl.Series(np.array(options)[rng.integers(0, len(options), n)])

    voornamen = pick(VOORNAMEN)
    achternaam = pick(NAAMDELEN[0]) + pick(NAAMDELEN[1])
    telefoon = "06 0000 " + _padded(rng.integers(0, 10_000, n))
    tussen = pick(TUSSENVOEGSELS)
    return pl.DataFrame(
        {
            "jongere_id": jongeren["jongere_id"],
            "voornamen": voornamen,
            "tussenvoegsel": tussen.set(tussen == "", None),
            "achternaam": achternaam,
            "straat": pick(STRATEN),
            "huisnummer": pl.Series(rng.integers(1, 140, n)).cast(pl.String),
            "postcode": jongeren["postcode4"] + " " + pick(list(LETTERS)) + pick(list(LETTERS)),
            "woonplaats": jongeren["woonplaats"],
            "telefoon": telefoon.set(pl.Series(rng.random(n) < 0.1), None),
            "email": voornamen.str.to_lowercase().str.replace("ë", "e")
            + jongeren["jongere_id"].str.slice(1)
            + "@voorbeeld.invalid",
            "bron": pl.Series([BRON_IDENTITEIT] * n, dtype=pl.String),
        }
    )


def _padded(numbers: Ints) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(4)
