"""Which addresses belong to the public Internet. Pure.

Source: the IANA registries of special-purpose addresses (RFC 6890, RFC 8190).
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Written out, since what `is_global` answers depends on the release of Python.
NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; metadata of one cloud
            "127.0.0.0/8",
            "168.63.129.16/32",  # metadata of another cloud
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",
        ),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarking
            "2001:db8::/32",
            "2002::/16",  # 6to4, which leads to any IPv4 address
            "3fff::/20",
        ),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether anybody on the Internet could reach the address.

    An IPv4 address within an IPv6 one (mapped, or translated by NAT64) counts itself.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    within = embedded(address)
    if within is not None:
        return is_public(within)
    return address in PUBLIC_6 and not any(address in net for net in NOT_PUBLIC_6)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this one end up at, if there is one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def is_within(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether one of the networks holds the address, also as a mapped one."""
    within = embedded(address) if isinstance(address, IPv6Address) else None
    return any(
        each in network
        for network in networks
        for each in (address, within)
        if each is not None and each.version == network.version
    )


def read_address(text: str) -> Address | None:
    """The address that `text` writes out; None if it is a name."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def read_network(text: str) -> Network | None:
    """A network such as 10.1.0.0/16, or a single address; None if it is neither."""
    try:
        return ip_network(text)
    except ValueError:
        return None
