import numpy as np
import polars as pl
import pytest

from models.baselines import Points, PointsRule, count_points

RULES = (
    Points("verzuim", 1, minimum=0.1),
    Points("verzuim", 2, minimum=0.3),
    Points("niveau", 1, maximum=1),
)


def test_points_add_up_and_what_is_unknown_gives_none() -> None:
    frame = pl.DataFrame({"verzuim": [0.0, 0.1, 0.3, None], "niveau": [2, 2, 1, 1]})

    assert count_points(RULES, frame).tolist() == [0, 1, 4, 1]


def test_the_rule_gives_the_rate_of_its_points_drawn_to_the_overall_rate() -> None:
    frame = pl.DataFrame({"verzuim": [0.0] * 100 + [0.2] * 100, "niveau": [2] * 200})
    labels = np.repeat([0.0, 1.0], 100)

    low, high = PointsRule.fit(RULES, frame, labels).predict(frame[[0, 199]])

    assert low == pytest.approx(20 * 0.5 / 120)
    assert high == pytest.approx((100 + 20 * 0.5) / 120)


def test_points_never_seen_have_the_rate_of_the_nearest() -> None:
    frame = pl.DataFrame({"verzuim": [0.0, 0.0, 0.15], "niveau": [2, 2, 2]})
    rule = PointsRule.fit(RULES, frame, np.array([0.0, 0.0, 1.0]))

    unseen = rule.predict(pl.DataFrame({"verzuim": [0.9], "niveau": [1]}))

    assert unseen[0] == rule.predict(frame)[2]
