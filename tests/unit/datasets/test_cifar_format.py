from __future__ import annotations

import pickle  # noqa: TID251 - what others read these files with
import pickletools
from typing import Any

import numpy as np
import pytest
from torchvision.datasets import CIFAR10 as TORCHVISION

from grader.datasets.cifar_format import CifarBatch, decode_batch, encode_batch, encode_meta
from grader.datasets.image_sets import BASE_FOLDER, CIFAR10, META

IMAGES = np.arange(3 * 3072, dtype=np.uint32).astype(np.uint8).reshape(3, 3, 32, 32)
BATCH = CifarBatch(IMAGES, np.array([0, 9, 300]))
WRITTEN = encode_batch(BATCH, "training batch 1 of 5", ["a.png", "b.png", "c.png"])


@pytest.mark.parametrize("encoding", ["bytes", "latin1"])
def test_unpickle_as_tutorials_do_gives_the_keys_of_cifar10(encoding: Any) -> None:
    entry = pickle.loads(WRITTEN, encoding=encoding)  # noqa: S301 - written above
    keys = ["data", "labels", "batch_label", "filenames"]
    assert list(entry) == ([key.encode() for key in keys] if encoding == "bytes" else keys)
    data, labels, *_ = entry.values()
    assert (data.shape, data.dtype) == ((3, 3072), np.uint8)
    assert np.array_equal(data, IMAGES.reshape(3, 3072))
    assert labels == [0, 9, 300]


def test_meta_has_the_keys_of_cifar10() -> None:
    meta = pickle.loads(encode_meta(["disc", "ring"], 600), encoding="latin1")  # noqa: S301 - as above
    assert meta == {"num_cases_per_batch": 600, "label_names": ["disc", "ring"], "num_vis": 3072}


def test_the_stream_names_what_numpy_1_and_2_both_have() -> None:
    named = [argument for code, argument, _ in pickletools.genops(WRITTEN) if code.name == "GLOBAL"]
    assert named == ["numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype"]
    assert max(code.proto for code, *_ in pickletools.genops(WRITTEN)) == 2


def test_a_batch_survives_the_way_there_and_back() -> None:
    read = decode_batch(WRITTEN)
    assert np.array_equal(read.images, IMAGES)
    assert read.labels.tolist() == [0, 9, 300]


def test_flags_as_python_2_wrote_them_are_read_without_a_warning() -> None:
    old = WRITTEN.replace(b"U\x02u1\x89\x88\x87R", b"U\x02u1K\x00K\x01\x87R")
    assert old != WRITTEN
    assert np.array_equal(decode_batch(old).images, IMAGES)


class Harmful:
    def __reduce__(self) -> Any:
        return print, ("run",)


def test_a_file_that_would_run_something_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.print|__builtin__\.print"):
        decode_batch(pickle.dumps({"data": Harmful(), "labels": []}, protocol=2))
    assert capsys.readouterr().out == ""


def test_our_checksums_of_cifar10_are_those_of_torchvision() -> None:
    assert dict(TORCHVISION.train_list) == CIFAR10.train
    assert dict(TORCHVISION.test_list) == CIFAR10.test
    assert TORCHVISION.meta == {"filename": META, "key": "label_names", "md5": CIFAR10.meta_md5}
    assert (TORCHVISION.base_folder, TORCHVISION.url) == (BASE_FOLDER, CIFAR10.url)
    assert (TORCHVISION.filename, TORCHVISION.tgz_md5) == (CIFAR10.archive, CIFAR10.archive_md5)
