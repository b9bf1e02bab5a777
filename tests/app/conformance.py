"""Every answer that a test gets from the API is one that the API's document describes."""

from functools import cache

import jsonschema_rs
from flask import request

from app.web.openapi import document_path, make_document, operation_of
from app.web.problems import wants_json


def check_answers(app):
    """Fail the request whose answer has a status, a type or a content that is not described."""

    @cache
    def document():
        return make_document(app)

    @cache
    def described(path, method, status):
        responses = document()["paths"][path][method]["responses"]
        found = responses.get(str(status))
        assert found is not None, f"{method} {path}: {status} is not described"
        reference = found.get("$ref", "").rpartition("/")[2]
        return document()["components"]["responses"][reference] if reference else found

    @cache
    def validator(path, method, status, media_type):
        content = described(path, method, status).get("content", {})
        where = f"{method} {path}: {status}"
        if not content:
            return None
        assert media_type in content or "*/*" in content, f"{where}: {media_type} is not described"
        schema = content.get(media_type, {}).get("schema")
        if schema is None:
            return None
        whole = {**schema, "components": document()["components"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    @app.after_request
    def check(response):
        operation, rule = operation_of(request.endpoint), request.url_rule
        is_page = response.mimetype == "text/html" or response.status_code == 302
        if operation is None or rule is None or request.method in ("HEAD", "OPTIONS"):
            return response
        if response.status_code == 500 or (is_page and not wants_json()):
            return response
        path = document_path(rule)
        method, status = request.method.lower(), response.status_code
        found = validator(path, method, status, response.mimetype)
        if found is not None:
            faults = [f"{fault}"[:500] for fault in found.iter_errors(response.get_json())]
            assert not faults, f"{method} {path}: {status}: {faults}"
        return response
