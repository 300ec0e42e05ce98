"""Work done once per distinct text of a column: files repeat the same words row after row."""

from collections.abc import Callable

import polars as pl


def map_distinct(texts: pl.Series, answer: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return for every row what `answer` says of its text; null stays null.

    Rows of one person, week or file mostly follow each other, so runs of the same text are taken
    together before the distinct ones are sought.

    Parameters
    ----------
    texts : Series of String
        One text per row.
    answer : callable
        Takes the distinct texts, without null, and returns one value for each, in their order.

    Examples
    --------
    >>> texts = pl.Series(["a", "a", None, "b"])
    >>> map_distinct(texts, lambda distinct: distinct.str.to_uppercase()).to_list()
    ['A', 'A', None, 'B']
    """
    runs = texts.rle().struct.field("value").alias("text").to_frame()
    distinct = runs["text"].drop_nulls().unique()
    told = pl.DataFrame({"text": distinct, "answer": answer(distinct)})
    found = runs.join(told, on="text", how="left", maintain_order="left")["answer"]
    return found.rechunk().gather(texts.rle_id())
