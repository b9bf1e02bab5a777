"""Network addresses, and what counts as one client for limits."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

__all__ = [
    "EVERY_ADDRESS",
    "THIS_MACHINE",
    "client_network",
    "host_names",
    "is_host",
    "is_local_name",
    "is_loopback",
    "machine_names",
    "parse_address",
    "site_addresses",
]

#: The client that all of this machine's own addresses count as.
THIS_MACHINE = "this machine"

#: IPv6 addresses of all interfaces, as a server listens on them; with IPv4 where that is possible.
EVERY_ADDRESS = "::"

# What a server listens on, and the kinds of addresses at which it is found then.
_EVERYWHERE = {
    "0.0.0.0": (socket.AF_INET,),  # noqa: S104 (read here, not listened on)
    EVERY_ADDRESS: (socket.AF_INET, socket.AF_INET6),
}
_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}  # for examples
# Names of networks at home, which mean another machine elsewhere (RFC 6762, RFC 8375, and others).
_AT_HOME = (".local", ".localhost", ".home.arpa", ".internal", ".lan")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST_NAME = 253
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
    name = host.lower().removesuffix(".")
    return parse_address(name.strip("[]")) is not None or "." not in name or name.endswith(_AT_HOME)


def is_host(name: str) -> bool:
    """Say whether this is an address, or a name in small letters of a host (RFC 1123)."""
    if parse_address(name) is not None:
        return "%" not in name
    labels = name.split(".")
    is_name = len(name) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, labels))
    return is_name and not labels[-1].isdigit()


def host_names() -> list[str]:
    """Return the names by which others in the network find this machine, the surest first.

    A bare one is found as NAME.local (RFC 6762).
    """
    name = socket.gethostname().lower().removesuffix(".")
    names = [name] if "." in name else [f"{name}.local", name]
    return [one for one in names if is_host(one) and not one.startswith("localhost")]


def machine_names() -> list[str]:
    """Return this machine's names and addresses, the one for other machines first."""
    return [*host_names(), "localhost", *_network_addresses(), "127.0.0.1", "::1"]


def site_addresses(scheme: str, host: str, port: int) -> list[str]:
    """Return the addresses to open a site by that listens on a host."""
    families = _EVERYWHERE.get(host)
    if families is None:
        return [f"{scheme}://{_bracketed(host)}:{port}"]
    found = ["localhost", *_network_addresses(families), *host_names()[:1]]
    return [f"{scheme}://{_bracketed(one)}:{port}" for one in found]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _network_addresses(families: Iterable[socket.AddressFamily] = tuple(_ELSEWHERE)) -> list[str]:
    """Return the addresses by which this machine reaches others; nothing is sent."""
    found = []
    for family in families:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((_ELSEWHERE[family], 9))
            found.append(str(probe.getsockname()[0]))
    return found
