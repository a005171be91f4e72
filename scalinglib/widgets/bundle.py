"""Join several sources into the one module text and the one style sheet that a widget may have.

The sources are ordinary ES modules: editors understand them and node imports them one by one in
tests. `module` follows their relative imports, puts each file once, before its first user, and
leaves out what nothing refers to. It is a joiner and not a bundler: the files share one scope, so a
top-level name may stand in one file only, and that is checked.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"\./([\w.-]+)";\n', re.M)
_DECLARATION = re.compile(r"^(?:export )?((?:async )?(?:function|const|let|class)\s+(\w+))", re.M)
_LINE_COMMENT = re.compile(r"^\s*//.*\n|[ \t]+// [^\"`\n]*$", re.M)
_WORD = re.compile(r"\b(?<!sl-)(?<![^.]\.)\w+")  # not a class of the style sheet, not a property
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/\n?", re.S)
_BLANK = re.compile(r"^\s+", re.M)
_STRING_OR_SPACED = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\\n])*`)"""
    r"""|[ \t]*([{}()\[\];,=<>?:&|*!])[ \t]*|(?<=[\w)\]]) ([-+/]) (?=[\w(\[])"""
)


def module(entry: str, folder: Path = HERE) -> str:
    """`entry` and what it uses of the files that it imports, as the text of one ES module.

    Raises ValueError for what cannot be joined: other imports, renamed imports, a top-level name in
    two files, statements before the declarations of an imported file, template strings over several
    lines or inside another.
    """
    sources: dict[str, str] = {}
    _collect(entry, folder, sources)
    main = _without_imports(sources.pop(entry))
    pieces = _declarations(sources)
    clash = [name for _, name in _DECLARATION.findall(main) if name in pieces]
    if clash:
        raise ValueError(
            f"{entry}: top-level name {clash[0]!r} is also in an imported file; rename one of them"
        )
    used = _used_by(main, pieces)
    return _squeeze("".join(text for name, text in pieces.items() if name in used) + main)


def style(*names: str, folder: Path = HERE) -> str:
    """The style sheets one after the other, without comments and needless blanks."""
    text = "".join((folder / name).read_text(encoding="utf-8") for name in names)
    return re.sub(r"\s*([{};,>])\s*|(?<=:)\s+", r"\1", _BLOCK_COMMENT.sub("", text)).replace(
        "}", "}\n"
    )


def _collect(name: str, folder: Path, sources: dict[str, str]) -> None:
    """Read `name` and, before it, everything that it imports into `sources`."""
    if name in sources:
        return
    text = (folder / name).read_text(encoding="utf-8")
    for names, dependency in _IMPORT.findall(text):
        if " as " in names:
            raise ValueError(
                f"{name}: imports {dependency} with 'as'; files share one scope, use the plain name"
            )
        _collect(dependency, folder, sources)
    sources[name] = text


def _without_imports(text: str) -> str:
    text = _IMPORT.sub("", text)
    leftover = re.search(r"^import\b.*", text, re.M)
    if leftover:
        raise ValueError(f'cannot join {leftover[0]!r}; write import {{ a, b }} from "./file.js";')
    return text


def _declarations(sources: dict[str, str]) -> dict[str, str]:
    """Name -> text of every top-level declaration of the imported files, without `export`."""
    pieces: dict[str, str] = {}
    owner: dict[str, str] = {}
    for file, source in sources.items():
        text = _LINE_COMMENT.sub("", _without_imports(source))
        found = list(_DECLARATION.finditer(text))
        before = text[: found[0].start()] if found else text
        if before.strip():
            raise ValueError(
                f"{file}: starts with {before.strip()[:40]!r}; "
                "an imported file may hold declarations only"
            )
        ends = [match.start() for match in found[1:]] + [len(text)]
        for match, end in zip(found, ends, strict=False):
            name = match[2]
            if name in owner:
                raise ValueError(
                    f"{file}: top-level name {name!r} is also in {owner[name]}; rename one of them"
                )
            owner[name], pieces[name] = file, text[match.start(1) : end]
    return pieces


def _used_by(text: str, pieces: dict[str, str]) -> set[str]:
    """The declarations that `text` refers to, directly or not; a name in a string counts too."""
    used: set[str] = set()
    ahead = [text]
    while ahead:
        found = {word for word in _WORD.findall(ahead.pop()) if word in pieces} - used
        used |= found
        ahead += [pieces[name] for name in found]
    return used


def _squeeze(text: str) -> str:
    """Drop comment lines and blanks round punctuation: each notebook would carry them.

    A line that ends in anything but an opening bracket, comma or semicolon keeps its end, and a -
    -b stays as it is, so that nothing changes its meaning.
    """
    text = _LINE_COMMENT.sub("", text)
    for line in text.splitlines():
        if line.count("`") % 2:
            raise ValueError(
                f"a template string runs over the end of {line!r}; its spaces would be lost, "
                "write it on one line"
            )
    text = _STRING_OR_SPACED.sub(_kept, _BLANK.sub("", text))
    return re.sub(r"(?<=[{(\[,;])\n", "", text)


def _kept(found: re.Match) -> str:
    """A string as it is, else the punctuation without its blanks."""
    if found[1] and found[1][0] == "`" and found[1].count("{") != found[1].count("}"):
        raise ValueError(
            f"a template string inside another begins with {found[1]}; give the inner one a name"
        )
    return found[1] or found[2] or found[3]
