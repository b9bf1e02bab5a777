"""The native client as a camera, against the program as people start it."""

import importlib.util
import re

import pytest
from PIL import Image

from app.native.client import main
from tests.app.pictures import draw, encode
from tests.app.programs import site

SEVEN = [(60, 60), (210, 60), (110, 230)]
ONE = [(140, 50), (140, 230)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with site(tmp_path_factory.mktemp("program")) as process:
        yield process.native_port


def watch(server, source):
    return main([f"127.0.0.1:{server}", "camera", str(source)])


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_the_frames_of_an_animation_are_read_one_after_the_other(server, tmp_path, capsys, kind):
    frames = [draw(SEVEN), draw(ONE), draw(SEVEN)]
    film = tmp_path / f"film.{kind}"
    frames[0].save(film, save_all=True, append_images=frames[1:], duration=100)
    assert watch(server, film) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines] == ["frame 1: 7", "frame 2: 1", "frame 3: 7"]
    assert re.search(r"\d\.\d frames a second$", lines[-1])


def test_a_folder_is_read_in_the_order_of_its_names_and_goes_on_past_what_is_no_picture(
    server, tmp_path, capsys
):
    (tmp_path / "2.png").write_bytes(encode(draw(ONE)))
    (tmp_path / "10.png").write_bytes(encode(draw(SEVEN)))
    (tmp_path / "3.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    assert watch(server, tmp_path) == 0
    out, err = capsys.readouterr()
    assert [line.split(" (")[0] for line in out.splitlines()] == ["10.png: 7", "2.png: 1"]
    assert err == "3.png: this is not a picture that can be read, or it is cut off\n"


def test_a_still_picture_is_one_frame(server, tmp_path, capsys):
    Image.new("RGBA", (300, 300)).save(tmp_path / "blank.png")
    assert watch(server, tmp_path / "blank.png") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_is_not_there_is_one_clear_line(server, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for source, words in (("none.gif", "no such file"), ("empty", "no pictures")):
        assert watch(server, tmp_path / source) == 1
        assert words in capsys.readouterr().err


def test_without_opencv_a_video_says_how_to_install_it(server, tmp_path, capsys):
    if importlib.util.find_spec("cv2") is not None:
        pytest.skip("OpenCV is installed")
    (tmp_path / "film.mp4").write_bytes(b"film")
    for source in (tmp_path / "film.mp4", "0"):
        assert watch(server, source) == 1
        assert "pip install opencv-python-headless" in capsys.readouterr().err


def test_with_opencv_a_video_is_read(server, tmp_path, capsys):
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    numpy = pytest.importorskip("numpy")
    film = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter_fourcc(*"MJPG"), 10, (280, 280))
    for picture in (draw(SEVEN), draw(ONE)):
        writer.write(numpy.asarray(picture.convert("RGB").resize((280, 280))))
    writer.release()
    assert watch(server, film) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines] == ["frame 1: 7", "frame 2: 1"]
