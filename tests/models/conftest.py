"""One small made-up region for all tests of models, and the examples in it."""

import pytest

from features.synthetic import Region, RegionConfig, generate_region
from models.history import History, uitval_history
from models.plaatsing_history import plaatsing_history


@pytest.fixture(scope="session")
def region() -> Region:
    return generate_region(
        RegionConfig(jongeren=1200, leerbedrijven=80, leerwerkplekken=240, seed=3)
    )


@pytest.fixture(scope="session")
def uitval_examples(region: Region) -> History:
    return uitval_history(region.tables, observed_until=region.config.peildatum)


@pytest.fixture(scope="session")
def plaatsing_examples(region: Region) -> History:
    return plaatsing_history(region.tables, observed_until=region.config.peildatum)
