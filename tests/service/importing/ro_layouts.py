"""Write the same records of a Registratieoverzicht in each layout that DUO's files come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ORDER = ("PER", "ISG", "ISP", "ISE", "BPV", "DIP", "AMO", "GEO", "KZD")
Record = tuple[str, ...]
"""Record type and fields; a date as ccyy-mm-dd, a code with its leading zero."""


@dataclass(frozen=True)
class Layout:
    """How a file is written down."""

    separator: str = "|"
    date_style: str = "ccyy-mm-dd"
    width: int = 0
    leading_zeros: bool = True
    vlp: str = "first"
    slr: str = "last"
    newline: str = "\r\n"
    bom: bool = False


PIPES = Layout()
PADDED = Layout(separator=";", date_style="d-m-yyyy", width=13, leading_zeros=False)
TOTALS_FIRST = Layout(
    separator=";", date_style="d-m-yyyy", width=16, leading_zeros=False, vlp="last", slr="first"
)
COMPACT = Layout(separator=";", date_style="ccyymmdd", newline="\n", bom=True)
LAYOUTS = (PIPES, PADDED, TOTALS_FIRST, COMPACT)


def render(
    records: Sequence[Record], layout: Layout, *, brin: str = "00AA", made: date = date(2026, 3, 25)
) -> bytes:
    """Return the records as a file, with VLP and true totals where the layout has them."""
    vlp = ("VLP", brin, "2024-08-01", "2026-03-24", made.isoformat())
    counts = tuple(str(sum(record[0] == kind for record in records)) for kind in ORDER)
    lines = list(records)
    for record, place in ((vlp, layout.vlp), (("SLR", *counts), layout.slr)):
        if place == "first":
            lines.insert(0, record)
        elif place == "last":
            lines.append(record)
    text = "".join(_line(record, layout) + layout.newline for record in lines)
    return (b"\xef\xbb\xbf" if layout.bom else b"") + text.encode()


def _line(record: Record, layout: Layout) -> str:
    fields = [_field(field, layout) for field in record]
    if record[0] == "ISG" and not layout.leading_zeros:
        fields[7:8] = [field.lstrip("0") for field in fields[7:8]]
    fields += [""] * (layout.width - len(fields))
    return layout.separator.join(fields)


def _field(text: str, layout: Layout) -> str:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        return text
    year, month, day = parts
    if layout.date_style == "d-m-yyyy":
        return f"{int(day)}-{int(month)}-{year}"
    return text if layout.date_style == "ccyy-mm-dd" else f"{year}{month}{day}"
