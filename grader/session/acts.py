"""What the self-test tries, in words for people, and which layers stop it."""

from __future__ import annotations

from typing import Final, NamedTuple

from grader.language import Text

_SEEING: Final = ("mount-namespace", "landlock")
_OTHERS: Final = ("pid-namespace", "uid", "landlock", "seccomp")
_SOCKETS: Final = ("seccomp",)
_REACHING: Final = ("network-namespace", "seccomp")


class Act(NamedTuple):
    """One forbidden act."""

    name: str
    """As `grader.worker.selftest` has it."""
    title: Text
    layers: tuple[str, ...]
    """The layers that each stop it alone, for a worker of root's; tests hold this."""


class ActClass(NamedTuple):
    """Acts with the same aim."""

    id: str
    title: Text
    acts: tuple[Act, ...]


def _act(name: str, en: str, zh: str, layers: tuple[str, ...]) -> Act:
    return Act(name, Text(en=en, zh=zh), layers)


_ID = ("uid", *_SEEING)
_PROC = ("uid", "capabilities", *_SEEING)

CLASSES: Final = (
    ActClass(
        "files",
        Text(en="Files of others", zh="他人的文件"),
        (
            _act("read_secret_file", "read the solution", "读取参考答案", _SEEING),
            _act("read_password_file", "read /etc/shadow", "读取 /etc/shadow", _ID),
            _act("list_foreign_folder", "list a folder outside", "列出外部文件夹", _SEEING),
            _act("write_outside", "write outside its folder", "在文件夹外写入", _ID),
            _act("write_library", "change a library", "修改库文件", _ID),
            _act("write_shared_memory", "write to /dev/shm", "写入 /dev/shm", _SEEING),
            _act("read_system_tree", "read /sys", "读取 /sys", _SEEING),
            _act("use_foreign_descriptor", "use open files", "使用已打开的文件", ("descriptors",)),
        ),
    ),
    ActClass(
        "network",
        Text(en="Network and sockets", zh="网络与套接字"),
        (
            _act("connect_tcp", "connect by TCP", "建立 TCP 连接", _REACHING),
            _act("listen_tcp", "listen for TCP", "监听 TCP 端口", _SOCKETS),
            _act("send_udp", "send by UDP", "发送 UDP 数据", _REACHING),
            _act(
                "open_raw_socket",
                "open a raw socket",
                "打开原始套接字",
                ("uid", "capabilities", "seccomp"),
            ),
            _act("ask_kernel_by_netlink", "use netlink", "使用 netlink", _SOCKETS),
            _act("reach_host_by_vsock", "use vsock", "使用 vsock", _SOCKETS),
            _act(
                "connect_abstract_socket",
                "connect to an abstract socket",
                "连接抽象套接字",
                ("network-namespace", "landlock", "seccomp"),
            ),
            _act(
                "connect_socket_file",
                "connect to a socket file",
                "连接套接字文件",
                ("mount-namespace", "seccomp"),
            ),
        ),
    ),
    ActClass(
        "processes",
        Text(en="Other processes", zh="其他进程"),
        (
            _act("list_processes", "list processes", "列出进程", _SEEING),
            _act("read_own_parent", "read who started it", "读取父进程信息", _SEEING),
            _act("find_sibling", "look into another worker", "查看其他评分进程", _PROC),
            _act("read_other_environment", "read an environment", "读取环境变量", _PROC),
            _act("read_other_memory", "open another's memory", "打开他人内存", _PROC),
            _act(
                "read_memory_of_other",
                "copy another's memory",
                "复制他人内存",
                ("pid-namespace", "seccomp"),
            ),
            _act(
                "trace_other",
                "attach as a debugger",
                "作为调试器附加",
                ("capabilities", *_OTHERS),
            ),
            _act("signal_other", "signal the examiner", "向主评分进程发信号", _OTHERS),
            _act("signal_sibling", "signal another worker", "向其他评分进程发信号", _OTHERS),
            _act("signal_parent", "signal who started it", "向父进程发信号", _OTHERS),
            _act("share_system_v_memory", "share memory", "使用共享内存", ("seccomp",)),
        ),
    ),
    ActClass(
        "programs",
        Text(en="Programs and processes", zh="程序与进程"),
        (
            _act("run_program", "become another program", "执行其他程序", ("seccomp",)),
            _act("start_process", "start a process", "启动进程", ("seccomp",)),
        ),
    ),
    ActClass(
        "privileges",
        Text(en="Privileges", zh="特权"),
        (
            _act("regain_user", "become root", "变为 root", ("uid", "seccomp")),
            _act(
                "mount_folder",
                "mount a file system",
                "挂载文件系统",
                ("uid", "capabilities", "landlock", "seccomp"),
            ),
            _act(
                "change_root",
                "change the root folder",
                "更改根目录",
                ("uid", "capabilities", "seccomp"),
            ),
            _act("make_namespace", "make a namespace", "创建命名空间", ("seccomp",)),
        ),
    ),
    ActClass(
        "limits",
        Text(en="Limits", zh="资源上限"),
        (
            _act("raise_limits", "raise its limits", "提高自身上限", ("limits",)),
            _act("exceed_memory", "take too much memory", "占用过多内存", ("limits",)),
            _act("exceed_shared_memory", "take shared memory", "占用共享内存", ("seccomp",)),
            _act("exceed_file_size", "write a huge file", "写入超大文件", ("limits",)),
            _act("open_many_files", "open too many files", "打开过多文件", ("limits",)),
        ),
    ),
)
"""Every act of the self-test, by class."""

ACTS: Final = {act.name: act for each in CLASSES for act in each.acts}
CLASS_OF: Final = {act.name: each for each in CLASSES for act in each.acts}
