"""A service with an account of each role."""

from collections.abc import Iterator

import pytest

from tests.conftest import free_port
from tests.support.console import MAY, add_account
from tests.support.nlu_server import NluServer
from tests.support.running import Running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running service; each role has an account of its name."""
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("console"), free_port(), nlu.url) as running,
    ):
        for role in MAY:
            add_account(running, role, role)
        yield running
