"""How Dutch writes numbers, counts and days."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
SWAPPED = str.maketrans(",.", ".,")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def getal(value: float, decimals: int = 1) -> str:
    """Write a number the Dutch way: decimal comma, points between thousands, no idle zeros.

    Examples
    --------
    >>> getal(1234.5), getal(30.0), getal(-0.04)
    ('1.234,5', '30', '0')
    """
    text = f"{value:,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in {"-0", ""} else text
    return text.translate(SWAPPED)


def datum(day: date) -> str:
    """Write a day in full.

    Examples
    --------
    >>> datum(date(2026, 11, 1))
    '1 november 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment(when: datetime, *, seconden: bool = False) -> str:
    """Write a day and a time of day as the clock in the Netherlands shows it.

    With `seconden` to the second, where the order of what happened matters.

    Examples
    --------
    >>> moment(datetime(2026, 7, 1, 12, 5, tzinfo=UTC))
    '1 juli 2026 om 14:05'
    >>> moment(datetime(2026, 12, 31, 23, 30, 9, tzinfo=UTC), seconden=True)
    '1 januari 2027 om 00:30:09'
    """
    here = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(ZONE)
    return f"{datum(here)} om {here:%H:%M:%S}" if seconden else f"{datum(here)} om {here:%H:%M}"


def percent(value: float) -> str:
    """Write a share as a whole percentage.

    Examples
    --------
    >>> percent(0.137)
    '14%'
    """
    return f"{getal(100 * value, 0)}%"


def count(value: float, one: str, many: str) -> str:
    """Write a number of things.

    Examples
    --------
    >>> count(0, "eis", "eisen"), count(1, "eis", "eisen"), count(2.5, "eis", "eisen")
    ('geen eisen', '1 eis', '2,5 eisen')
    """
    number = getal(value)
    return f"geen {many}" if number == "0" else f"{number} {one if number == '1' else many}"


def counted(one: str, many: str) -> Callable[[float], str]:
    """Return how to write an amount of a unit; nought stays a number."""
    return lambda value: f"{getal(value)} {one if getal(value) == '1' else many}"
