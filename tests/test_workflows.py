"""The workflows call the Makefile and nothing else, and what they call works here: `gh` is played
by a script that writes down what it is asked.

prove_branch.py makes the assets and publishes the notebooks.
"""

import base64
import importlib.util
import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.M))


def read(path: Path) -> dict:
    return yaml.load(path.read_text(), yaml.BaseLoader)  # BaseLoader: `on` stays a word


def steps(path: Path) -> list[dict]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def pushes(path: Path) -> dict:
    return read(path)["on"]["push"]


# ---- what they are -------------------------------------------------------------------------------


def test_there_is_one_for_each_thing_that_must_happen():
    assert {path.stem for path in WORKFLOWS} == {"test", "site", "notebooks", "weekly", "release"}
    by_name = {path.stem: path for path in WORKFLOWS}
    assert pushes(by_name["site"]) == pushes(by_name["notebooks"]) == {"branches": ["main"]}
    assert pushes(by_name["release"]) == {"tags": ["v[0-9]*"]}
    assert read(by_name["weekly"])["on"]["schedule"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_run_is_a_target_of_the_makefile(path):
    for step in steps(path):
        assert ("run" in step) != ("uses" in step)
        if "run" in step:
            called = re.fullmatch(r"make ([a-z][\w-]*)", step["run"])
            assert called and called[1] in TARGETS, step["run"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_history_is_there(path):
    for line in path.read_text().splitlines():
        if "uses:" in line:
            assert re.search(r"uses: actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"fetch-depth": "0", "persist-credentials": "false"}


def test_only_those_that_must_write_may():
    def rights(path):
        told = read(path)
        jobs = [told.get("permissions"), *(job.get("permissions") for job in told["jobs"].values())]
        return {name for given in jobs for name, right in (given or {}).items() if right == "write"}

    assert {path.stem: rights(path) for path in WORKFLOWS} == {
        "test": set(),
        "site": {"pages", "id-token"},
        "notebooks": {"contents"},
        "weekly": {"issues"},
        "release": {"contents"},
    }


# ---- what they call ------------------------------------------------------------------------------


@pytest.fixture
def gh(tmp_path, monkeypatch):
    """A `gh` on the path; the words and texts that it was given, and what it answers to a list."""
    script, record, listed = tmp_path / "bin" / "gh", tmp_path / "asked", tmp_path / "listed"
    script.parent.mkdir()
    script.write_text(
        f"""\
#!/bin/sh
case "$*" in
    *git-credential*) printf 'username=x-access-token\\npassword=%s\\n' "$GH_TOKEN" ;;
    *" list "*) cat {listed} ;;
    *) echo "$@" >> {record} ;;
esac
case "$*" in *"--body-file -") cat >> {record} ;; esac
"""
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return record, listed


def make(folder: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def issue():
    spec = importlib.util.spec_from_file_location("issue", ROOT / ".github" / "issue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_weekly_check_opens_one_issue_and_adds_to_it(gh, tmp_path, monkeypatch):
    record, listed = gh
    title, lines = issue().TITLE, issue().LINES
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    monkeypatch.setenv("GITHUB_RUN_ID", "7")
    (tmp_path / "_weekly").mkdir()
    (tmp_path / "_weekly" / "links.txt").write_text("BROKEN https://a.org: 404\n")
    (tmp_path / "_weekly" / "newest.txt").write_text("dull\n" * lines + "1 failed\n")
    listed.write_text('[{"number": 4, "title": "Another one"}]')
    issue().main("_weekly")
    told = record.read_text()
    assert told.startswith(f"issue create --title {title} --body-file -\n")
    assert "BROKEN https://a.org: 404" in told and "1 failed" in told
    assert "https://github.com/owner/name/actions/runs/7" in told
    assert told.count("dull") == lines - 1
    record.unlink()
    same = [{"number": 9, "title": title}, {"number": 5, "title": title}]
    listed.write_text(json.dumps(same))
    issue().main("_weekly")
    assert record.read_text().startswith("issue comment 5 --body-file -\n")


def test_a_release_has_the_version_of_its_tag(gh, tmp_path):
    record, _ = gh
    assets = tmp_path / "_release" / "assets"
    assets.mkdir(parents=True)
    for name in ("scalinglib-1.2.3-py3-none-any.whl", "site.zip", "notebooks.zip"):
        (assets / name).write_text("")
    assert make(tmp_path, "-o", "assets", "publish-release", "TAG=v1.2.4").returncode
    assert not record.exists()
    done = make(tmp_path, "-o", "assets", "publish-release", "TAG=v1.2.3")
    assert not done.returncode, done.stderr
    given = record.read_text().split()
    assert given[:3] == ["release", "create", "v1.2.3"]
    assert (
        "--verify-tag" in given and sum(word.startswith("_release/assets/") for word in given) == 3
    )


def test_git_asks_gh_for_the_token(gh, monkeypatch):
    """The settings of notebooks.yml, against a server that wants to know who asks."""
    (path,) = (path for path in WORKFLOWS if path.stem == "notebooks")
    (settings,) = (step["env"] for step in steps(path) if step.get("run", "").startswith("make"))
    heard = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.headers["Authorization"])
            self.send_response(404 if heard[-1] else 401)
            self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()

        def log_message(self, *given):
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    given = {name: value for name, value in settings.items() if name.startswith("GIT_")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", "ls-remote", f"http://127.0.0.1:{server.server_port}/owner/name"],
        env=kept | given | {"GH_TOKEN": "a-token", "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
    )
    server.shutdown()
    server.server_close()
    thread.join()
    assert heard[:1] == [None]
    assert heard[1] == "Basic " + base64.b64encode(b"x-access-token:a-token").decode()
