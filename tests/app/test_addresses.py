import socket

import pytest

from app.addresses import (
    THIS_MACHINE,
    client_network,
    host_names,
    is_host,
    is_local_name,
    is_loopback,
    machine_names,
    site_addresses,
)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("64:ff9b::c000:201", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("fe80::1", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_counts_as_one_client(address, network):
    assert client_network(address) == network


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"]
)
def test_this_machine(address):
    assert is_loopback(address)
    assert client_network(address) == THIS_MACHINE


@pytest.mark.parametrize(
    "address", ["", "192.0.2.1", "127.evil.example", "::2", "64:ff9b::7f00:1", "fe80::1%lo"]
)
def test_other_machines(address):
    assert not is_loopback(address)
    assert client_network(address) != THIS_MACHINE


def test_a_site_is_opened_by_the_address_that_it_listens_on():
    assert site_addresses("http", "127.0.0.1", 8000) == ["http://127.0.0.1:8000"]
    assert site_addresses("https", "::1", 8443) == ["https://[::1]:8443"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_one_that_listens_everywhere_is_opened_by_every_address(host):
    addresses = site_addresses("https", host, 8443)
    assert addresses[0] == "https://localhost:8443"
    assert all(address.endswith(":8443") for address in addresses)
    assert host == "::" or not any("[" in address for address in addresses)


@pytest.mark.parametrize(
    ("machine", "names"),
    [
        ("Desk", ["desk.local", "desk"]),
        ("desk.local", ["desk.local"]),
        ("desk.school.example.", ["desk.school.example"]),
        ("localhost", []),
        ("localhost.localdomain", []),
        ("tisch-ä", []),
        ("", []),
    ],
)
def test_the_names_of_this_machine(monkeypatch, machine, names):
    monkeypatch.setattr(socket, "gethostname", lambda: machine)
    assert host_names() == names
    assert machine_names()[: len(names)] == names
    told = site_addresses("http", "0.0.0.0", 80)
    assert [one for one in told if "desk" in one] == [f"http://{one}:80" for one in names[:1]]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("desk", True),
        ("desk-2.school.example", True),
        ("192.168.1.5", True),
        ("fd00::2", True),
        ("a" * 63 + ".example", True),
        ("", False),
        ("a b", False),
        ("https://desk", False),
        ("desk:8000", False),
        ("-desk", False),
        ("desk..example", False),
        ("tisch-ä", False),
        ("192.168.1.500", False),
        ("fe80::1%eth0", False),
        ("a" * 64, False),
        (".".join(["a" * 60] * 5), False),
    ],
)
def test_what_a_host_can_be_called(name, is_one):
    assert is_host(name) == is_one


def test_this_machine_is_known_by_its_names_and_addresses():
    names = machine_names()
    assert {"localhost", "127.0.0.1", "::1"} <= set(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True),
        ("desk", True),
        ("desk.local", True),
        ("Desk.LOCAL.", True),
        ("desk.home.arpa", True),
        ("local.example", False),
        ("192.168.1.5", True),
        ("[fd00::2]", True),
        ("digits.school.example", False),
    ],
)
def test_names_that_mean_something_only_in_their_network(host, is_local):
    assert is_local_name(host) == is_local
