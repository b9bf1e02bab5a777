"""The page Live: its models, and the camera, which no other page may use."""


def test_only_this_page_may_use_the_camera(client):
    assert "camera=(self)" in client.get("/live").headers["Permissions-Policy"]
    assert "camera=()" in client.get("/").headers["Permissions-Policy"]


def test_all_models_in_service_can_be_chosen(client):
    page = client.get("/live").text
    assert '<option value="digits">digits</option>' in page
    assert '<option value="cats-dogs">cats or dogs</option>' in page
