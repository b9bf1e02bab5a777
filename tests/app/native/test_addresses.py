"""Which addresses count as one, and which are this machine's own."""

import pytest

from app.native.addresses import THIS_MACHINE, is_loopback, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", THIS_MACHINE),
        ("127.9.9.9", THIS_MACHINE),
        ("::1", THIS_MACHINE),
        ("::ffff:127.0.0.1", THIS_MACHINE),
        ("localhost", THIS_MACHINE),
        ("0.0.0.0", "0.0.0.0"),
        ("::", "::/64"),
        ("192.168.1.2", "192.168.1.2"),
        ("::ffff:192.168.1.2", "192.168.1.2"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("localhost.example.org", "localhost.example.org"),
        ("", ""),
    ],
)
def test_what_an_address_counts_as(address, network):
    assert network_of(address) == network
    assert is_loopback(address) is (network == THIS_MACHINE)
