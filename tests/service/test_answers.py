import errno
import inspect

import pytest

from features.errors import TableError
from models import errors as model_errors
from service import errors
from service.answers import ANSWERS, STORE_ANSWERS, UNEXPECTED, answer_for, status_answer
from service.errors import (
    BackupError,
    BackupProblem,
    RefusedError,
    StoreError,
    StoreProblem,
    VangnetError,
    Weigering,
)

FAILURES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, VangnetError) and kind is not VangnetError
]


def make(kind: type[Exception]) -> Exception:
    """Return a failure with a made-up value for each of its data."""
    if kind is StoreError:
        return StoreError(StoreProblem.LOCKED)
    if kind is BackupError:
        return BackupError(BackupProblem.DAMAGED, "kopie.vangnet")
    if kind is RefusedError:
        return RefusedError(Weigering.TAFEL_NIET_OPEN)
    names = list(inspect.signature(kind).parameters)
    return kind(*(f"<{name}>" for name in names))


@pytest.mark.parametrize("kind", [*FAILURES, TableError], ids=lambda kind: kind.__name__)
def test_every_expected_failure_has_a_sentence_that_says_what_to_do(
    kind: type[Exception],
) -> None:
    answer = answer_for(make(kind))

    assert answer is not None
    assert answer.detail.endswith(".")
    assert answer.detail.count(".") >= 2
    assert "{" not in answer.detail
    assert answer.title


@pytest.mark.parametrize("problem", list(StoreProblem))
def test_every_problem_of_the_store_has_a_sentence(problem: StoreProblem) -> None:
    assert answer_for(StoreError(problem)) == STORE_ANSWERS[problem]


@pytest.mark.parametrize("weigering", list(Weigering))
def test_every_refusal_has_a_sentence(weigering: Weigering) -> None:
    told = {"paren": "Sam met Magazijn", "naam": "anna", "oordeel": "oranje"}
    answer = answer_for(RefusedError(weigering, told))

    assert answer is not None
    assert answer.status in (400, 403, 409)
    assert answer.detail.endswith(".")
    assert "{" not in answer.detail


@pytest.mark.parametrize(
    "error",
    [
        model_errors.TooLittleDataError("uitvalrisico", "uitval", 3, 100),
        model_errors.LeakError("uitvalrisico", "verzuim", "tells all"),
        model_errors.ModelNotFoundError("uitvalrisico"),
        model_errors.AlteredModelError("uitvalrisico", "1", "aa", "bb"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_model_refuses_has_a_sentence(error: Exception) -> None:
    answer = answer_for(error)

    assert answer is not None
    assert "uitvalrisico" in answer.detail


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "schijf is vol"),
        (errno.EACCES, "/data/x"),
        (errno.EADDRINUSE, "poort"),
        (errno.ENOENT, "/data/x bestaat niet"),
        (errno.EEXIST, "/data/x is een bestand en geen map"),
        (errno.ENOTDIR, "/data/x is een bestand en geen map"),
    ],
)
def test_what_the_machine_refuses_has_a_sentence(number: int, word: str) -> None:
    answer = answer_for(OSError(number, "no", "/data/x"))

    assert answer is not None
    assert word in answer.detail


def test_a_programming_error_has_no_answer_of_its_own() -> None:
    assert answer_for(ValueError("x")) is None
    assert answer_for(OSError(errno.EBADF, "bad")) is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 413, 418, 500, 502])
def test_every_status_has_an_answer(status: int) -> None:
    answer = status_answer(status)

    assert answer.title
    assert answer.status == status or answer in {UNEXPECTED, status_answer(400)}


def test_no_answer_shows_an_english_word_of_the_log() -> None:
    for answer in ANSWERS.values():
        assert "{problem}" not in answer.detail
