"""The check of links to other sites, against a site of our own."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "_ext"))
import links


@pytest.fixture
def server():
    """Its address, and the paths that it was asked for."""
    asked = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status = int(self.path[1:4])
            if self.path == "/503-once" and asked.count(self.path) > 1:
                status = 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/" + self.path[5:])
            self.end_headers()
            self.wfile.write(b"a page")

        def log_message(self, *given):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}", asked
    site.shutdown()
    site.server_close()
    thread.join()


@pytest.mark.parametrize(
    "path, broken, told, times",
    [
        ("/200", False, "", 1),
        ("/302/200", False, "", 1),
        ("/503-once", False, "", 2),
        ("/404", True, "404", 1),
        ("/410", True, "410", 1),
        ("/302/404", True, "404", 1),
        ("/500", True, "500", 3),
        ("/403", False, "403", 1),
        ("/429", False, "429", 1),
    ],
)
def test_what_an_answer_says_of_a_link(server, path, broken, told, times):
    site, asked = server
    outcome = links.fault(site + path, pause=0)
    assert outcome[0] is broken and outcome[1].startswith(told) and bool(outcome[1]) == bool(told)
    assert asked.count(path) == times


def test_no_such_host_and_no_certificate_are_broken(server):
    site, _ = server
    for address in ("http://no-such-host.invalid/", site.replace("http:", "https:") + "/200"):
        broken, told = links.fault(address, pause=0)
        assert broken and told


def write(folder: Path, name: str, *addresses: str) -> None:
    text = "".join(f'<p><a class="reference" href="{address}">x</a></p>' for address in addresses)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(f"<html><body>{text}</body></html>")


def test_links_of_a_site(tmp_path):
    """Each address once, without the place on the page; none of our own pages, no launch button."""
    write(tmp_path, "index.html", "https://a.org/x#one", "chapters/01.html", "mailto:a@a.org")
    write(
        tmp_path,
        "chapters/01.html",
        *("https://a.org/x#two", "http://b.org/?q=1&amp;r=2", "https://mybinder.org/v2/gh/o/n"),
    )
    assert links.links(tmp_path) == {
        "https://a.org/x": ["chapters/01.html", "index.html"],
        "http://b.org/?q=1&r=2": ["chapters/01.html"],
    }


def test_the_command(server, tmp_path, monkeypatch, capsys):
    site, _ = server
    monkeypatch.setattr(links, "PAUSE", 0)
    write(tmp_path, "index.html", f"{site}/200", f"{site}/403")
    assert links.main(tmp_path) == 0
    write(tmp_path, "chapters/01.html", f"{site}/404")
    assert links.main(tmp_path) == 1
    told = capsys.readouterr().out.splitlines()
    assert f"BROKEN {site}/404: 404 Not Found (chapters/01.html)" in told
    assert f"refused {site}/403: 403 Forbidden (index.html)" in told
    assert told[-1] == "links: 3 addresses, 1 broken, 1 refused"


def test_an_empty_site_does_not_pass(tmp_path, capsys):
    assert links.main(tmp_path) == 2
    assert "make book" in capsys.readouterr().out
