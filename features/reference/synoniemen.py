"""Other names of competenties, as schools write them."""

from functools import cache
from pathlib import Path

import polars as pl

SYNONIEMEN = Path(__file__).parent / "synoniemen.csv"


@cache
def synoniem_facts() -> pl.DataFrame:
    """Return other names of the werknemersvaardigheden and of common skills of CompetentNL.

    Returns
    -------
    DataFrame
        ``competentie_id`` and ``titel``; several rows per competentie. Our own list.

    Examples
    --------
    >>> synoniem_facts().filter(competentie_id="WV-tempo")["titel"].to_list()
    ['Werktempo', 'Werkt vlot door']
    """
    return pl.read_csv(SYNONIEMEN, comment_prefix="#")
