"""Somebody who uses the site through its pages."""

import re
from contextvars import Context

PASSWORD = "correct horse"


class Visitor:
    """A browser: cookies, and the tokens of the pages' forms."""

    def __init__(self, app, address="127.0.0.1"):
        self.client = app.test_client()
        self.address = {"REMOTE_ADDR": address}

    def send(self, method, path, **options):
        """Send a request as it is, in a context of its own, as a server would."""
        options = {"environ_base": self.address, "buffered": True, "method": method, **options}
        return Context().run(self.client.open, path, **options)

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def post(self, path, *, headers=None, **fields):
        """Send a form, with its token."""
        return self.send("POST", path, data={"csrf_token": self.token(), **fields}, headers=headers)

    def token(self):
        page = self.get("/account")
        if page.status_code != 200:
            page = self.get("/login")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found is not None, page.text
        return found[1]

    def sign_up(self, name, password=PASSWORD):
        answer = self.post("/signup", username=name, password=password, again=password)
        assert answer.status_code == 302, error_in(answer)
        return self

    def log_in(self, name, password=PASSWORD, **fields):
        return self.post("/login", username=name, password=password, **fields)

    def log_out(self):
        return self.post("/logout")

    def is_logged_in(self):
        return self.get("/account").status_code == 200

    def predict(self, picture, query="store=1"):
        headers = {"X-CSRFToken": self.token()}
        return self.send(
            "POST", f"/predict?{query}", data=picture, content_type="image/png", headers=headers
        )

    def keep(self, picture):
        """Store a picture and return its id."""
        answer = self.predict(picture)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["image_id"]

    def label(self, picture_id, word):
        return self.post(f"/gallery/{picture_id}/label", label=word)

    def gallery(self, query=""):
        """Return the ids on a page of the gallery, in order."""
        return ids_in(self.get(f"/gallery/?{query}"))


def ids_in(page):
    """Return the ids of the pictures on a page, in order."""
    assert page.status_code == 200, page.text
    return re.findall(r'<img src="/gallery/([0-9a-f-]{36})\.png"', page.text)


def error_in(page):
    """Return what a form says is wrong with it."""
    return " ".join(re.findall(r'class="field-error"[^>]*>([^<]+)<', page.text))
