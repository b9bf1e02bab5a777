"""HTTPS of the site itself, with the certificate that `flask tls` makes."""

import http.client
import os
import socket
import ssl
import subprocess
import sys

import pytest

from app.addresses import host_names, machine_names
from app.config import Settings
from app.errors import SettingsError, StartError
from app.services import certificates
from app.services.certificates import CertificateFiles, make_certificate, read_certificate
from app.web.tls import make_tls_context
from tests.app.programs import ROOT, environment, fails, free_port, site, start


def make(tmp_path, *options):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "tls", *options],
        cwd=ROOT,
        env=environment(INSTANCE_PATH=tmp_path / "instance"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, CertificateFiles.below(tmp_path / "instance")


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


def test_a_client_that_trusts_the_made_certificate_is_served(tmp_path):
    said, files = make(tmp_path, "--name", "digits.school.example")
    assert str(files.authority) in said
    assert f"DIGITNET_TLS_CERT={files.certificate}" in said
    if os.name == "posix":
        assert files.key.stat().st_mode & 0o777 == 0o600
    trusting = ssl.create_default_context(cafile=files.authority)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    port = free_port()
    with site(tmp_path, PORT=port, TLS_CERT=files.certificate, TLS_KEY=files.key) as process:
        assert f"https://127.0.0.1:{port}" in process.line
        for host in ("localhost", "127.0.0.1"):
            connection = http.client.HTTPSConnection(host, port, context=trusting, timeout=60)
            connection.request("GET", "/login")
            answer = connection.getresponse()
            assert answer.status == 200
            answer.read()
            assert "secure" in answer.headers["Set-Cookie"].lower()
            # For a name that only this machine knows, it would bind other programs, too.
            assert "Strict-Transport-Security" not in answer.headers
            connection.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            http.client.HTTPSConnection("localhost", port).request("GET", "/")
        # Whoever types http:// is not left waiting.
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        plain.request("GET", "/")
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.getresponse()


def test_one_that_was_made_is_kept_unless_another_is_asked_for(tmp_path):
    _, files = make(tmp_path)
    first = files.certificate.read_bytes()
    said, _ = make(tmp_path)
    end = read_certificate(files.certificate).end
    assert f"There is a certificate already, for {', '.join(machine_names())}, valid until " in said
    assert f"{end:%Y-%m-%d}." in said
    assert "It is not for" not in said
    said, _ = make(tmp_path, "--name", "Digits.Example")
    assert "It is not for digits.example.\n" in said
    assert files.certificate.read_bytes() == first
    make(tmp_path, "--again")
    assert files.certificate.read_bytes() != first


@pytest.mark.parametrize("name", ["", "a b", "https://desk.local", "desk.local:8000", "tisch-ä"])
def test_a_name_that_no_host_can_have_is_refused(runner, settings, name):
    for _ in range(2):  # also when there is a certificate
        refused = runner.invoke(args=["tls", "--name", name])
        assert refused.exit_code == 2
        assert "such as desk.local" in refused.output
        assert runner.invoke(args=["tls"]).exit_code == 0


def test_one_that_has_ended_is_told_so(runner, settings, monkeypatch):
    monkeypatch.setattr(certificates, "_DAYS", -2)
    assert runner.invoke(args=["tls"]).exit_code == 0
    assert "Browsers do not accept it any more." in runner.invoke(args=["tls"]).output


def test_one_that_is_damaged_is_told_so(runner, settings):
    assert runner.invoke(args=["tls"]).exit_code == 0
    certificate = CertificateFiles.below(settings.instance_path).certificate
    for content in (b"", b"text", certificate.read_bytes()[:300]):
        certificate.write_bytes(content)
        told = runner.invoke(args=["tls"])
        assert told.exit_code == 1
        assert "--again makes another one." in told.output
    assert runner.invoke(args=["tls", "--again"]).exit_code == 0


def test_names_and_addresses_are_in_it(tmp_path):
    files = CertificateFiles.below(tmp_path)
    given = ["digits.example", "192.0.2.7", "2001:db8::7", ".".join(["a" * 60] * 3)]
    made = make_certificate(files, given)
    assert read_certificate(files.certificate) == made
    assert made.names == tuple(given)
    make_certificate(files, given[:3])
    known = ssl._ssl._test_decode_cert(str(files.certificate))  # type: ignore[attr-defined]
    assert known["subjectAltName"] == (
        ("DNS", "digits.example"),
        ("IP Address", "192.0.2.7"),
        ("IP Address", "2001:DB8:0:0:0:0:0:7"),
    )
    authority = ssl.create_default_context(cafile=files.authority).get_ca_certs()
    assert authority[0]["subject"] == known["issuer"]


def test_the_site_by_its_own_name_is_asked_for_by_https_from_then_on(tmp_path, open_app):
    pair = (tmp_path / "certificate.pem", tmp_path / "key.pem")
    settings = Settings(instance_path=tmp_path, tls=pair, hosts=("digits.example",))
    client = open_app(settings).test_client()
    for host, asked in (("digits.example", True), ("localhost", False), ("localhost:8000", False)):
        answer = client.get("/", base_url=f"https://{host}")
        assert ("Strict-Transport-Security" in answer.headers) == asked


@pytest.mark.parametrize("name", ["TLS_CERT", "TLS_KEY"])
def test_one_without_the_other_is_one_clear_line(name):
    with pytest.raises(SettingsError, match="go together"):
        Settings.from_environment({f"DIGITNET_{name}": "some.pem"})


def test_files_that_are_missing_or_belong_to_others_are_one_clear_line(tmp_path):
    files, other = (CertificateFiles.below(tmp_path / name) for name in ("one", "other"))
    for one in (files, other):
        make_certificate(one, ["localhost"])
    with pytest.raises(StartError, match="belong together"):
        make_tls_context(files.certificate, other.key)
    with pytest.raises(StartError, match="belong together"):
        make_tls_context(files.key, files.key)
    line = fails(start(tmp_path, TLS_CERT=tmp_path / "none.pem", TLS_KEY=files.key))
    assert "none.pem" in line
    assert "DIGITNET_TLS_CERT" in line


def test_the_start_says_all_addresses_where_all_are_listened_on(tmp_path):
    port = free_port()
    with site(tmp_path, HOST="0.0.0.0", PORT=port) as process:
        assert f"http://localhost:{port}" in process.line
        assert all(f"http://{name}:{port}" in process.line for name in host_names()[:1])


def test_the_start_on_all_ipv6_addresses_serves_ipv4_as_well(tmp_path):
    if not socket.has_dualstack_ipv6():
        missing = "there is no IPv6 here"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    port = free_port()
    with site(tmp_path, HOST="::", PORT=port):
        for host in ("127.0.0.1", "::1"):
            connection = http.client.HTTPConnection(host, port, timeout=60)
            connection.request("GET", "/status")
            assert connection.getresponse().status == 200
            connection.close()
