"""torchvision's CIFAR10 for our files, and the process in which it downloads."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import tarfile
import urllib.error
import zlib
from pathlib import Path
from threading import Thread
from typing import Any, Final, Literal, TypeAlias

import msgspec
from torchvision.datasets import CIFAR10

from grader.datasets.image_sets import BASE_FOLDER, META, SHAPES10, ImageSet

__all__ = ["READERS", "Shapes10", "main"]

_SILENCE_SECONDS: Final = 30
"""For how long a server may say nothing."""

Kind: TypeAlias = Literal["network", "damaged", "disk"]


def _reader(name: str, image_set: ImageSet) -> type[CIFAR10]:
    """Make a CIFAR10 that reads, and downloads, the files of this data set."""
    attributes: dict[str, Any] = {
        "__doc__": f"{image_set.name}, read by torchvision's own reader.",
        "__module__": __name__,
        "base_folder": BASE_FOLDER,
        "url": image_set.url,
        "filename": image_set.archive,
        "tgz_md5": image_set.archive_md5,
        "train_list": [list(item) for item in image_set.train.items()],
        "test_list": [list(item) for item in image_set.test.items()],
        "meta": {"filename": META, "key": "label_names", "md5": image_set.meta_md5},
    }
    return type(name, (CIFAR10,), attributes)


# Under a name in this module, so that it can be sent to the workers of a DataLoader.
Shapes10: Final = _reader("Shapes10", SHAPES10)

READERS: Final[dict[str, type[CIFAR10]]] = {"cifar10": CIFAR10, "shapes10": Shapes10}
"""What reads a data set, by its name."""

_DAMAGED: Final = (EOFError, RuntimeError, tarfile.TarError, zlib.error)
_NETWORK: Final = (
    ConnectionError,
    TimeoutError,
    http.client.HTTPException,
    socket.gaierror,
    urllib.error.URLError,
)


def main(description: str, folder: str) -> int:
    """Download a data set into a folder; print what went wrong as JSON, if something did.

    A process of its own for this: torch is not loaded into the command line, and whatever the
    network does, it can be ended. It ends by itself when its stdin is closed.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    socket.setdefaulttimeout(_SILENCE_SECONDS)
    wanted = _reader("Wanted", msgspec.json.decode(description, type=ImageSet))
    try:
        wanted(Path(folder), download=True)
    except (*_NETWORK, *_DAMAGED, OSError) as error:
        print(json.dumps({"kind": _kind(error), "detail": _detail(error)}))  # noqa: T201 - the answer
        return 1
    return 0


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _kind(error: Exception) -> Kind:
    if isinstance(error, _NETWORK):
        return "network"
    return "disk" if isinstance(error, OSError) else "damaged"


def _detail(error: Exception) -> str:
    # A URLError holds the error of the socket, which holds the sentence.
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
