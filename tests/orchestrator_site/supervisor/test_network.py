import socket

import pytest

from orchestrator_site.supervisor.errors import CannotRun, PortTaken
from orchestrator_site.supervisor.network import ask_health, is_loopback, require_free
from orchestrator_site.supervisor.valkey import free_port


def test_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port}.*--port or BATON_PORT"):
            require_free("127.0.0.1", port)


def test_free_port_passes():
    require_free("127.0.0.1", free_port())


def test_unknown_host_is_refused():
    with pytest.raises(CannotRun, match=r"--host nowhere\.invalid"):
        require_free("nowhere.invalid", 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_this_machine_alone_reaches_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "shop.example"])
def test_others_reach_everything_else(host):
    assert not is_loopback(host)


def test_silent_web_process_is_what_is_missing():
    assert ask_health("127.0.0.1", free_port()) == "web"
