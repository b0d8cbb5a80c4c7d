"""Kernels for this processor and others; the file that keeps them."""

import sys
from pathlib import Path

import pytest

from autograd import Value, compile
from autograd.program.backends import missing
from tests.program.graphs import NETWORKS, assert_close, compiled, eager, irregular, moons

if missing("native"):
    pytest.skip("kernels need llvmlite: pip install -e '.[fast]'", allow_module_level=True)

from llvmlite import binding as llvm

from autograd.program.native.kernels import machine_code
from autograd.program.native.kernels.machine_code import (
    Processor,
    machine,
    made_for,
    this_processor,
)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A folder of its own for the kernels, as in a new process."""
    monkeypatch.setattr(machine_code, "folder", lambda: tmp_path / "cache" / "chalkgrad")
    machine_code.machine.cache_clear()
    yield tmp_path / "cache" / "chalkgrad"
    machine_code.machine.cache_clear()


def test_where_llvm_makes_no_code_a_program_runs_with_numpy(cache, monkeypatch):
    unknown = Processor("no-such-machine", "", "")
    monkeypatch.setattr(machine_code, "this_processor", lambda: unknown)
    with pytest.warns(UserWarning, match="LLVM makes no code for this machine: .*='numpy'"):
        program = compile(Value(2.0) ** 2, backend="native")
    assert program.backend == "numpy"
    assert program() == 4.0


def computes() -> bool:
    """Tell whether a program computes what it should, with the kernels of now."""
    case = moons(2, 3, 1)
    found = compiled(case, "native").run(case.numbers, case.columns)
    assert_close(found, eager(case))
    return True


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_kernels_are_made_once_and_kept(cache, monkeypatch):
    assert computes()
    kept = the_file(cache).read_bytes()
    machine_code.machine.cache_clear()
    monkeypatch.setattr(machine_code, "made_for", lambda processor: pytest.fail("made again"))
    assert computes()
    assert the_file(cache).read_bytes() == kept


SPOILT = [
    lambda data: b"",
    lambda data: data[:-1],
    lambda data: data[: len(data) // 2],
    lambda data: data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
    lambda data: data + b"more",
    lambda data: bytes([data[0] ^ 1]) + data[1:],
    lambda data: b"\xff\x00not kernels" * 9,
]


def test_a_file_that_was_spoilt_is_made_again(cache):
    assert computes()
    file = the_file(cache)
    good = file.read_bytes()
    assert machine_code.kept(file) is not None
    for spoil in SPOILT:
        file.write_bytes(spoil(good))
        assert machine_code.kept(file) is None
    machine_code.machine.cache_clear()
    assert computes()
    assert machine_code.kept(file) is not None


def test_where_nothing_can_be_kept_it_runs_all_the_same(cache):
    cache.parent.write_text("a file where the folder should be")
    assert computes()
    assert cache.parent.is_file()


def test_where_the_folder_is_read_only_it_runs_all_the_same(cache, monkeypatch):
    def refused(path, content):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(machine_code, "write_whole", refused)
    assert computes()
    assert list(cache.iterdir()) == []


def test_without_a_home_it_runs_all_the_same(cache, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(machine_code, "folder", homeless)
    assert computes()


def test_a_file_of_other_kernels_under_this_name_is_made_again(cache):
    assert computes()
    file = the_file(cache)
    other = file.with_name(f"{'0' * 32}.kernels")
    other.write_bytes(file.read_bytes())
    assert machine_code.kept(file) is not None
    assert machine_code.kept(other) is None


def test_a_folder_in_place_of_the_file_does_no_harm(cache):
    (cache / f"{machine_code._key(this_processor())}.kernels").mkdir(parents=True)
    assert computes()


def test_other_processors_and_versions_have_other_files(monkeypatch):
    processor = this_processor()
    keys = {machine_code._key(processor), machine_code._key(processor._replace(features=""))}
    monkeypatch.setattr(machine_code.llvmlite, "__version__", "0.0")
    keys.add(machine_code._key(processor))
    assert len(keys) == 3


@pytest.mark.parametrize("name", ["interpreter.py", "products.py", "numpy_functions.py", "ops.py"])
def test_kernels_have_another_file_once_what_writes_them_is_another(name, monkeypatch):
    def changed(path, right=Path.read_bytes):
        return right(path) + b"#" * (path.name == name)

    before = machine_code._key(this_processor())
    monkeypatch.setattr(Path, "read_bytes", changed)
    assert machine_code._key(this_processor()) != before


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("linux", "XDG_CACHE_HOME", "chalkgrad"),
        ("win32", "LOCALAPPDATA", "chalkgrad"),
        ("linux", "", ".cache/chalkgrad"),
        ("darwin", "", "Library/Caches/chalkgrad"),
    ],
)
def test_the_folder_is_the_users(platform, variable, place, tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(machine_code.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
    assert machine_code.folder() == tmp_path / place


LESSER = {
    "AVX2": Processor("", "haswell", ""),
    "none of them": Processor("", "x86-64", ""),
}


@pytest.mark.parametrize("name", LESSER)
@pytest.mark.skipif("x86_64" not in llvm.get_process_triple(), reason="for processors of x86")
def test_a_lesser_processor_computes_the_same(name, cache, monkeypatch):
    """With AVX2 to the bit, for it too multiplies and adds in one; without, but for rounding."""
    processor = this_processor()
    if name == "AVX2" and not (processor.has("avx2") and processor.has("fma")):
        pytest.skip("this processor has no AVX2")
    cases = [moons(2, 9, 7, 1, rows=70), NETWORKS["rnn"](), irregular(100, rows=20)]
    wide = [compiled(case, "native").run(case.numbers, case.columns) for case in cases]
    lesser = LESSER[name]._replace(triple=processor.triple)
    machine_code.machine.cache_clear()
    monkeypatch.setattr(machine_code, "this_processor", lambda: lesser)
    for case, expected in zip(cases, wide, strict=True):
        found = compiled(case, "native").run(case.numbers, case.columns)
        assert_close(found, expected)
        if name == "AVX2" and processor.has("fma"):
            assert found[1].tolist() == expected[1].tolist()


def test_for_arm_the_kernels_are_assembled():
    """They are not run: no such processor is at hand."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    names, code = made_for(Processor("aarch64-unknown-linux-gnu", "generic", "+neon"))
    assert names == list(machine().numbers)
    assert code[:4] == b"\x7fELF"
    assert int.from_bytes(code[18:20], "little") == 183  # EM_AARCH64
