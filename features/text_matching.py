"""Which known name does a free text mean most: sparse vectors of parts of words, on a CPU.

A text and a name are compared by the pieces of three and four letters that they share, which bears
Dutch inflection and compounds ("Voorraadbeheer", "voorraad beheren"), and by the beginnings of
their words, which weigh the words that matter. Rare pieces count more than common ones (TF-IDF).
A thing with several names is also compared as a whole, by the mean of its names.

References
----------
Salton, G. and Buckley, C. (1988). Term-weighting approaches in automatic text retrieval.
Information Processing & Management 24(5), 513-523.
McNamee, P. and Mayfield, J. (2004). Character n-gram tokenization for European language text
retrieval. Information Retrieval 7, 73-97.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

AT_ONCE = 256
"""Texts that are compared at a time; bounds the memory to so many rows of scores."""

STOP_WORDS = frozenset(
    (
        *("aan", "als", "bij", "dat", "de", "die", "door", "een", "en", "het", "ik", "in", "is"),
        *("je", "kan", "kunnen", "met", "naar", "of", "om", "op", "over", "te", "tot", "u", "uit"),
        *("van", "voor", "zich", "zijn"),
    )
)
"""Words that say nothing of which skill is meant."""


@dataclass(frozen=True)
class MatchConfig:
    """How texts are compared; ``experiments/text_matching.py`` chose the values.

    Parameters
    ----------
    letters : tuple of int
        Shortest and longest piece of a word.
    begin : int
        Letters at the begin of a word that stand for the word.
    begin_weight : float
        How much the beginnings of words weigh beside the pieces.
    whole_weight : float
        How much all names of a thing together weigh beside its best name.
    """

    letters: tuple[int, int] = (3, 4)
    begin: int = 4
    begin_weight: float = 0.6
    whole_weight: float = 0.125


@dataclass(frozen=True)
class Matches:
    """The best things per text, best first: `thing` and `score`, both of shape (texts, top)."""

    thing: Ints
    score: Floats


def words(text: str) -> list[str]:
    """Return the words of a text that tell something, in lower case.

    Examples
    --------
    >>> words("Houdt zich aan de afspraken")
    ['houdt', 'afspraken']
    """
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS]


def _bare(text: str) -> str:
    return " ".join(words(text))


class LabelIndex:
    """Names of things, ready to be searched.

    Parameters
    ----------
    labels : sequence of str
        The names; at least one of them holds a word.
    things : sequence of int, optional
        Which thing each name belongs to, from 0; without it every name is a thing of its own.
    config : MatchConfig, optional
        How texts are compared.
    """

    def __init__(
        self,
        labels: Sequence[str],
        things: Sequence[int] | None = None,
        *,
        config: MatchConfig | None = None,
    ) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._config = config or MatchConfig()
        self._pieces = TfidfVectorizer(
            preprocessor=_bare,
            analyzer="char_wb",
            ngram_range=self._config.letters,
            sublinear_tf=True,
            dtype=np.float32,
        )
        self._words = TfidfVectorizer(
            analyzer=self._beginnings, sublinear_tf=True, dtype=np.float32
        )
        names = self._joined(self._pieces.fit_transform(labels), self._words.fit_transform(labels))
        thing = np.arange(len(labels)) if things is None else np.asarray(things, np.int64)
        # names in the order of their things, so that the best of each thing is one reduction
        order = np.argsort(thing, kind="stable")
        self._ids, self._starts = np.unique(thing[order], return_index=True)
        self._names = names[order].T.tocsr()
        single = self._starts.size == order.size
        self._wholes = None if single else _wholes(names, thing).T.tocsr()

    def search(self, texts: Sequence[str], top: int = 5) -> Matches:
        """Return the `top` things that each text resembles most.

        Returns
        -------
        Matches
            `score` in [0, 1]: 1 for the only name of a thing in other spelling of capitals and
            small words, 0 when nothing is shared; equal scores in the order of the things.
            Narrower than `top` when there are fewer things.
        """
        width = min(top, self._starts.size)
        if not texts:
            return Matches(np.empty((0, width), np.int64), np.empty((0, width), np.float32))
        vectors = self._vectors(texts)
        parts = [
            self._best(vectors[start : start + AT_ONCE], width)
            for start in range(0, len(texts), AT_ONCE)
        ]
        return Matches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _best(self, vectors: sparse.csr_matrix, top: int) -> tuple[Ints, Floats]:
        by_name = (vectors @ self._names).toarray()
        score = np.maximum.reduceat(by_name, self._starts, axis=1)
        if self._wholes is not None:
            weight = np.float32(self._config.whole_weight)
            score = (score + weight * (vectors @ self._wholes).toarray()) / (1 + weight)
        chosen = np.argpartition(-score, top - 1, axis=1)[:, :top]
        chosen.sort(axis=1)
        rank = np.argsort(-np.take_along_axis(score, chosen, axis=1), axis=1, kind="stable")
        thing = np.take_along_axis(chosen, rank, axis=1)
        score = np.clip(np.take_along_axis(score, thing, axis=1), 0.0, 1.0)
        return self._ids[thing], score

    def _beginnings(self, text: str) -> list[str]:
        return [word[: self._config.begin] for word in words(text)]

    def _vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row per text such that the product of two rows is their likeness."""
        return self._joined(self._pieces.transform(texts), self._words.transform(texts))

    def _joined(self, pieces: sparse.csr_matrix, begins: sparse.csr_matrix) -> sparse.csr_matrix:
        weight = self._config.begin_weight
        parts = [
            pieces * np.sqrt(1 / (1 + weight), dtype=np.float32),
            begins * np.sqrt(weight / (1 + weight), dtype=np.float32),
        ]
        joined: sparse.csr_matrix = sparse.hstack(parts, format="csr")
        return joined


def _wholes(names: sparse.csr_matrix, things: Ints) -> sparse.csr_matrix:
    """Return per thing the mean direction of its names, of the length that a name has."""
    from sklearn.preprocessing import normalize

    _, row = np.unique(things, return_inverse=True)
    member = sparse.csr_matrix((np.ones(row.size, np.float32), (row, np.arange(row.size))))
    wholes: sparse.csr_matrix = normalize(member @ names).astype(np.float32)
    return wholes
