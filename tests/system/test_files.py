"""Files that are written whole or not at all."""

import os
import re
import stat
import sys

import pytest

from autograd.system import write_whole

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.mark.parametrize(("content", "data"), [("Σ\n", b"\xce\xa3\n"), (b"\x00\xff", b"\x00\xff")])
def test_text_is_utf_8_and_bytes_are_themselves(tmp_path, content, data):
    write_whole(tmp_path / "file", content)
    assert (tmp_path / "file").read_bytes() == data


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(source, target):
        raise PermissionError(13, "Permission denied", source)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(PermissionError, match=re.escape(str(path))):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named_with_the_cure(tmp_path):
    path = tmp_path / "no" / "file"
    with pytest.raises(FileNotFoundError) as raised:
        write_whole(path, "text")
    reason = f"there is no folder {path.parent}: make it first"
    assert str(raised.value) == f"{path} cannot be written: {reason}"


@POSIX_ONLY
def test_an_old_file_keeps_its_mode_and_a_new_one_gets_that_of_the_umask(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o604)
    before = os.umask(0o027)
    try:
        write_whole(old, "text")
        write_whole(new, "text")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o604, 0o640]


@POSIX_ONLY
def test_a_link_stays_and_the_file_behind_it_is_written(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "file").touch()
    write_whole(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "text"


@POSIX_ONLY
def test_a_device_is_written_to_and_not_replaced():
    write_whole(os.devnull, "text")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
