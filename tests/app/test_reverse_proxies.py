"""The recipes for reverse proxies in docs/installation.md, with the proxies themselves."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager

import pytest

from app.services.certificates import CertificateFiles, make_certificate
from tests.app.programs import ROOT, free_port, site
from tests.app.waiting import eventually

NAME = "digits.example"


def recipe(language):
    """Return the recipe in a block of this language."""
    page = (ROOT / "docs" / "installation.md").read_text("utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return found


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def proxy(command, port):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, process.stdout.read().decode(errors="replace")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)


def nginx(folder, files, port, behind):
    server = recipe("nginx")
    for given, own in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/digits.pem", str(files.certificate)),
        ("/etc/ssl/digits.key", str(files.key)),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert given in server
        server = server.replace(given, own)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}\n{server}}}\n"
    )
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(configuration)]


def caddy(folder, files, port, behind):
    server = recipe("caddy")
    for given, own in (
        (f"{NAME} {{", f"https://{NAME}:{port} {{\n    tls {files.certificate} {files.key}"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert given in server
        server = server.replace(given, own)
    configuration = folder / "Caddyfile"
    configuration.write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{server}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)]


@pytest.mark.parametrize("command", [nginx, caddy], ids=["nginx", "caddy"])
def test_the_site_is_served_by_https_behind_it(tmp_path, command):
    if shutil.which(command.__name__) is None:
        missing = f"{command.__name__} is not installed"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    files = CertificateFiles.below(tmp_path)
    make_certificate(files, [NAME])
    port, behind = free_port(), free_port()
    settings = {"TRUSTED_PROXIES": "127.0.0.1", "HOSTS": NAME, "HTTPS": 1, "PORT": behind}
    start = command(tmp_path, files, port, behind)
    with site(tmp_path, **settings), proxy(start, port):
        trusting = ssl.create_default_context(cafile=files.authority)
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            connection = http.client.HTTPConnection(NAME)
            connection.sock = trusting.wrap_socket(line, server_hostname=NAME)
            connection.request("GET", "/login", headers={"X-Forwarded-For": "203.0.113.9"})
            answer = connection.getresponse()
            assert answer.status == 200
            assert "secure" in answer.headers["Set-Cookie"].lower()
            assert "max-age" in answer.headers["Strict-Transport-Security"]
            answer.read()
            # A picture of the largest size that the site takes passes the proxy.
            connection.request("POST", "/predict", b"x" * 2_900_000, {"Content-Type": "image/jpeg"})
            assert connection.getresponse().status == 415
            connection.close()
