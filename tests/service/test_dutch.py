import math
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service import dutch


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(0, 3))
def test_a_number_reads_back_as_itself(value: float, decimals: int) -> None:
    text = dutch.getal(value, decimals)
    back = float(text.replace(".", "").replace(",", "."))

    assert math.isclose(back, round(value, decimals), abs_tol=10**-decimals)
    assert text != "-0"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_is_written_with_its_month_in_words(day: date) -> None:
    number, month, year = dutch.datum(day).split()

    assert (int(number), dutch.MONTHS.index(month) + 1, int(year)) == (
        day.day,
        day.month,
        day.year,
    )
