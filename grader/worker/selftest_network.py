"""The acts of the self-test that try to reach somebody through a socket."""

from __future__ import annotations

import socket
from typing import Final

from grader.worker.selftest_targets import ALLOWED, SelfTestTargets

_AF_VSOCK: Final = 40


def connect_tcp(targets: SelfTestTargets) -> str:
    """Connect to a service of the machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        connection.connect(("127.0.0.1", targets.tcp_port or 9))
    return ALLOWED


def listen_tcp(_targets: SelfTestTargets) -> str:
    """Wait for connections on the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.bind(("127.0.0.1", 0))
        connection.listen()
    return ALLOWED


def send_udp(_targets: SelfTestTargets) -> str:
    """Send a datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.sendto(b"x", ("127.0.0.1", 9))
    return ALLOWED


def connect_abstract_socket(targets: SelfTestTargets) -> str:
    """Connect to a socket that has no file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        if not targets.abstract_name:
            connection.bind("\0grader-selftest")
            return ALLOWED
        connection.connect("\0" + targets.abstract_name)
    return ALLOWED


def connect_socket_file(targets: SelfTestTargets) -> str:
    """Connect to a service through its file, as one does to a container engine."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        if targets.socket_path:
            connection.connect(targets.socket_path)
    return ALLOWED


def open_raw_socket(_targets: SelfTestTargets) -> str:
    """Make packets of one's own."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return ALLOWED


def ask_kernel_by_netlink(_targets: SelfTestTargets) -> str:
    """Open a channel for settings of the network."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as channel:
        channel.bind((0, 0))
    return ALLOWED


def reach_host_by_vsock(_targets: SelfTestTargets) -> str:
    """Open a channel to the host of a virtual machine."""
    with socket.socket(_AF_VSOCK, socket.SOCK_STREAM):
        return ALLOWED


NETWORK_ACTS: Final = (
    connect_tcp,
    listen_tcp,
    send_udp,
    open_raw_socket,
    ask_kernel_by_netlink,
    reach_host_by_vsock,
    connect_abstract_socket,
    connect_socket_file,
)
