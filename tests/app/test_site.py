import json
from dataclasses import replace

import pytest
from werkzeug.exceptions import NotFound

from app import VERSION, create_app
from app.config import Settings


def test_page_is_served_with_a_strict_policy(client):
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 200
    assert "<canvas" in response.text
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in response.headers
    assert "style=" not in response.text
    assert "onclick" not in response.text


@pytest.mark.parametrize(
    ("host", "stays"),
    [
        ("digits.example", True),
        ("digits.example:8443", True),
        ("localhost", False),
        ("desk", False),
        ("desk.local", False),
        ("desk.local.:8443", False),
        ("192.168.1.5", False),
        ("[fd00::2]:8443", False),
    ],
)
@pytest.mark.parametrize("settled", [{}, {"https": True}])
def test_https_is_asked_to_stay_but_not_by_names_of_a_home(
    settings, open_app, host, stays, settled
):
    names = ("digits.example", "desk", "desk.local", "192.168.1.5", "fd00::2")
    client = open_app(replace(settings, hosts=names, **settled)).test_client()
    response = client.get("/", base_url=f"https://{host}")
    assert response.status_code == 200
    assert ("Strict-Transport-Security" in response.headers) == stays


def test_status(client, seven):
    client.post("/predict", data=seven, content_type="image/png")
    status = client.get("/status").get_json()
    assert status["version"] == VERSION
    assert status["model"]["name"] == "digits-1"
    assert status["model"]["accuracy"] >= 0.995
    assert status["model"]["trained_at"].startswith("20")
    assert status["counts"]["read"] == 1
    assert status["uptime_s"] >= 0


def test_an_error_has_a_page_for_people_and_json_for_programs(client):
    page = client.get("/nothing-here", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.content_type.startswith("text/html")
    assert "no such page" in page.text
    problem = client.get("/nothing-here", headers={"Accept": "application/json"})
    assert problem.content_type == "application/problem+json"
    assert problem.get_json()["status"] == 404


def test_an_unexpected_error_is_logged_and_says_nothing_of_the_inside(settings, caplog):
    app = create_app(settings)

    @app.get("/broken")
    def broken():
        raise RuntimeError("secret detail")

    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "secret detail" in caplog.text


def test_the_reason_given_with_an_error_is_shown(app):
    @app.get("/gone")
    def gone():
        raise NotFound("This picture was deleted.")

    assert "This picture was deleted." in app.test_client().get("/gone").text


def test_only_trusted_proxies_are_believed(settings):
    app = create_app(
        Settings.from_environment(
            {
                "DIGITNET_INSTANCE_PATH": str(settings.instance_path),
                "DIGITNET_TRUSTED_PROXIES": "192.0.2.0/24, 2001:db8::1",
            }
        )
    )

    @app.get("/who")
    def who():
        from flask import request

        return json.dumps([request.remote_addr, request.is_secure])

    def ask(sender):
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        return json.loads(
            app.test_client()
            .get("/who", headers=headers, environ_base={"REMOTE_ADDR": sender})
            .text
        )

    assert ask("192.0.2.7") == ["203.0.113.9", True]
    assert ask("2001:db8::1") == ["203.0.113.9", True]
    assert ask("198.51.100.1") == ["198.51.100.1", False]
    assert ask("not an address") == ["not an address", False]


def test_static_files_are_served(client):
    with client.get("/static/js/pages/draw.js") as response:
        assert response.status_code == 200
        assert "javascript" in response.content_type


@pytest.mark.parametrize("path", ["/static/../app/config.py", "/static/%2e%2e/wsgi.py"])
def test_nothing_outside_the_static_folder_is_served(client, path):
    assert client.get(path).status_code == 404
