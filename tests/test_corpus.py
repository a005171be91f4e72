import hashlib

import numpy as np
import pytest

from scalinglib.lab.corpus import PIECE, Corpus, python_files, split_files, standard_library


@pytest.fixture(scope="module")
def library():
    return standard_library()


@pytest.fixture(scope="module")
def invented():
    return split_files({f"pkg/file{i}.py": f"value = {i}\n" * (i + 1) for i in range(200)})


def test_the_standard_library_is_real_text_split_by_file(library):
    assert len(library.train) > 5e6 and len(library.test) > 3e5
    names = [name for part in (library.training, library.held_out) for name, _ in part]
    assert len(names) == len(set(names))
    assert {"os.py", "json/decoder.py"} < set(names)
    assert not any(
        part in name.split("/") for name in names for part in ("test", "tests", "site-packages")
    )
    assert not any(name.startswith("_sysconfigdata") for name in names), (
        "that file describes the machine"
    )


def test_nothing_held_out_is_also_trained_on(library):
    trained = {text for _, text in library.training if len(text) > 200}
    assert [name for name, text in library.held_out if text in trained] == []


def test_the_same_files_give_the_same_corpus_whatever_their_order(library, invented):
    assert standard_library().digest == library.digest
    files = dict(invented.training + invented.held_out)
    again = split_files(dict(sorted(files.items(), reverse=True)))
    assert again.digest == invented.digest


def test_a_file_stays_on_its_side_when_others_go(invented):
    files = dict(invented.training + invented.held_out)
    fewer = split_files(dict(list(files.items())[::2]))
    assert set(fewer.training) <= set(invented.training) and set(fewer.held_out) <= set(
        invented.held_out
    )


def test_the_held_out_share_is_what_was_asked_for():
    files = {f"{i}.py": "x" for i in range(4000)}
    for share in (0.05, 0.1, 0.5):
        found = len(split_files(files, share).held_out) / 4000
        assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 4000))


def test_the_digest_sees_names_characters_and_the_split():
    corpora = [
        Corpus("c", (("a", "xy"),), (("b", "z"),)),
        Corpus("c", (("a", "x"),), (("b", "yz"),)),
        Corpus("c", (("ax", "y"),), (("b", "z"),)),
        Corpus("c", (("a", "xy"), ("b", "z")), ()),
        Corpus("c", (("a", "xY"),), (("b", "z"),)),
    ]
    assert len({corpus.digest for corpus in corpora}) == len(corpora)
    assert all(
        len(bytes.fromhex(corpus.digest)) == hashlib.sha256().digest_size for corpus in corpora
    )


def test_samples_are_nested_exact_and_drawn_from_the_training_text(invented):
    small, large = invented.sample(1700, seed=3), invented.sample(9000, seed=3)
    assert len(small) == 1700 and large.startswith(small)
    assert invented.sample(1700, seed=4) != small
    assert small[:PIECE] in invented.train
    assert sorted(invented.sample(len(invented.train))) == sorted(invented.train)
    for size in (1, PIECE, len(invented.train) - 1):
        for seed in range(5):
            assert len(invented.sample(size, seed)) == size


@pytest.mark.parametrize("size", [0, -5, 10**9])
def test_a_sample_that_cannot_be_had_is_refused(invented, size):
    with pytest.raises(ValueError, match=str(size)):
        invented.sample(size)


def test_a_split_with_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="1 files"):
        split_files({"only.py": "x = 1"})


def test_only_library_source_is_read(tmp_path):
    for name in [
        "a.py",
        "pkg/b.py",
        "pkg/test/c.py",
        "site-packages/d.py",
        "_sysconfigdata_linux.py",
        "config-3/e.py",
        "pkg/tests/f.py",
        "notes.txt",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\ns = '\xe9'\n")
    files = python_files(tmp_path)
    assert set(files) == {"a.py", "pkg/b.py", "latin.py"}
    assert "\xe9" in files["latin.py"]
