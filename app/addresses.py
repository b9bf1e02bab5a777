"""Network addresses, and what counts as one client for limits."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

__all__ = ["THIS_MACHINE", "client_network", "is_loopback", "parse_address"]

#: The client that all of this machine's own addresses count as.
THIS_MACHINE = "this machine"

_PREFIX = 64  # bits of the smallest IPv6 network that a customer is given (RFC 6177)
_NAT64 = IPv6Network("64:ff9b::/96")  # contains all of IPv4 (RFC 6052)


def client_network(address: str) -> str:
    """Return what counts as one client: an IPv4 address, the /64 of an IPv6 one, this machine.

    IPv4 addresses mapped to IPv6 count as IPv4, and interfaces (%eth0) are ignored. What is
    no address is returned as it is.
    """
    if is_loopback(address):
        return THIS_MACHINE
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed in _NAT64:
            return str(IPv4Address(int(parsed) & 0xFFFFFFFF))
        return str(IPv6Network((parsed, _PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    parsed = parse_address(address)
    return address == "localhost" if parsed is None else parsed.is_loopback


def parse_address(address: str) -> IPv4Address | IPv6Address | None:
    """Parse an address without its interface; IPv4 mapped to IPv6 becomes IPv4."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
