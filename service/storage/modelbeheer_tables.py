"""SQL table of what people decided about models: rows are only ever added.

The database itself refuses a change (triggers of migration 0015), and a promotion against the
rules (TRUST F5, F11): by the trainer, of a red version, or without a reason where one is due.
"""

import sqlalchemy as sa

from service.storage.matchtafel_tables import SHORTEST_REDEN
from service.storage.tables import METADATA, UtcDateTime

KLEUREN = ("rood", "oranje", "te weinig gegevens", "groen")
BESLUITEN = ("aangeboden", "goedgekeurd", "afgewezen", "teruggezet")


def _one_of(name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    told = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({told})", name=name)


MODELBESLUIT = sa.Table(
    "modelbesluit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("versie", sa.String, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("trainer_id", sa.Integer, sa.ForeignKey("gebruiker.id")),
    sa.Column("oordeel", sa.String, nullable=False),
    sa.Column("besluit", sa.String, nullable=False),
    sa.Column("door_id", sa.Integer, sa.ForeignKey("gebruiker.id")),
    sa.Column("reden", sa.String, nullable=False),
    sa.Column("tijdstip", UtcDateTime, nullable=False),
    _one_of("oordeel", KLEUREN),
    _one_of("besluit", BESLUITEN),
    sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    sa.CheckConstraint("besluit = 'aangeboden' OR door_id IS NOT NULL", name="door"),
    sa.CheckConstraint(
        "besluit <> 'goedgekeurd' OR (trainer_id IS NOT NULL AND trainer_id <> door_id)",
        name="twee_mensen",
    ),
    sa.CheckConstraint("besluit <> 'goedgekeurd' OR oordeel <> 'rood'", name="niet_rood"),
    sa.CheckConstraint(
        "besluit IN ('aangeboden', 'teruggezet') "
        "OR (besluit = 'goedgekeurd' AND oordeel = 'groen') "
        f"OR length(trim(reden)) >= {SHORTEST_REDEN}",
        name="reden",
    ),
)
"""A version that was offered, approved, refused or put back; the last one that is approved or put
back is the champion. `trainer_id` is empty where nobody knows who trained: never to be promoted."""
