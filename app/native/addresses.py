"""Who counts as one, of those who connect."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["THIS_MACHINE", "is_loopback", "network_of"]

#: What all of this machine's own addresses count as.
THIS_MACHINE = "this machine"

_IPV6_PREFIX = 64  # bits: what one subscriber is given, and may take any address of


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    parsed = _parse(address)
    return address == "localhost" if parsed is None else parsed.is_loopback


def network_of(address: str) -> str:
    """Return what is the same for all addresses that one client may have."""
    parsed = _parse(address)
    if is_loopback(address):
        return THIS_MACHINE
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), _IPV6_PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None) or parsed
