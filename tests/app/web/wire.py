"""HTTP byte by byte, as no well-meaning client would send it."""

import socket


class Wire:
    """A connection to a server of this machine."""

    def __init__(self, port, *, host="127.0.0.1", timeout=60, buffer=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(timeout)
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        try:
            self.socket.connect((host, port))
        except OSError:
            self.socket.close()
            raise

    def send(self, words):
        self.socket.sendall(words)

    def get(self, path="/", *lines, version="1.1"):
        """Ask for a page and return the answer."""
        head = [f"GET {path} HTTP/{version}", "Host: localhost", *lines, "", ""]
        self.send("\r\n".join(head).encode())
        return self.answer()

    def answer(self):
        """Return the status, the headers and the body of one answer."""
        head = self._until(b"\r\n\r\n").decode()
        while head.startswith("HTTP/1.1 100"):
            head = self._until(b"\r\n\r\n").decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        status = int(first.split()[1])
        return status, headers, b"" if status == 204 else self._body(headers)

    def is_closed(self):
        """Wait until the server closes the connection; what it says before is not looked at."""
        try:
            while self.socket.recv(65_536):
                pass
        except ConnectionError:
            pass
        return True

    def close(self):
        self.socket.close()

    def _body(self, headers):
        if "content-length" in headers:
            return self._exactly(int(headers["content-length"]))
        body = b""
        while size := int(self._until(b"\r\n"), 16):
            body += self._exactly(size)
            self._exactly(2)
        self._exactly(2)
        return body

    def _until(self, mark):
        data = b""
        while not data.endswith(mark):
            data += self._exactly(1)
        return data

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError(f"closed after {data[-200:]!r}")
            data += piece
        return data


def post(path, body, kind="image/png", *lines):
    """Return a whole request."""
    head = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}"]
    head += [f"Content-Length: {len(body)}", *lines, "", ""]
    return "\r\n".join(head).encode() + body
