import pytest

from app.addresses import THIS_MACHINE, client_network, is_loopback


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
