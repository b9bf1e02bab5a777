"""Network addresses, and what counts as one client for limits."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

__all__ = [
    "THIS_MACHINE",
    "client_network",
    "is_local_name",
    "is_loopback",
    "machine_names",
    "parse_address",
    "site_addresses",
]

#: The client that all of this machine's own addresses count as.
THIS_MACHINE = "this machine"

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 – read here, not listened on
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # for examples
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


def is_local_name(host: str) -> bool:
    """Say whether a host, without its port, means a machine only in its own network."""
    return parse_address(host.strip("[]")) is not None or "." not in host or host.endswith(".local")


def machine_names() -> list[str]:
    """Return this machine's names and addresses, the one for other machines first."""
    name = socket.gethostname().lower()
    names = [name] if name.isascii() and name and "." in name else [f"{name}.local", name]
    known = [one for one in names if one.isascii() and not one.startswith((".", "localhost"))]
    return [*known, "localhost", *_network_addresses(), "127.0.0.1", "::1"]


def site_addresses(scheme: str, host: str, port: int) -> list[str]:
    """Return the addresses to open a site by that listens on a host."""
    if host not in _EVERYWHERE:
        return [f"{scheme}://{_bracketed(host)}:{port}"]
    name = socket.gethostname().lower()
    others = [*_network_addresses(), f"{name}.local"] if name != "localhost" else []
    return [f"{scheme}://{_bracketed(one)}:{port}" for one in ("localhost", *others)]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _network_addresses() -> list[str]:
    """Return the addresses by which this machine reaches others; nothing is sent."""
    found = []
    for family, elsewhere in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))
            found.append(str(probe.getsockname()[0]))
    return found
