"""Scripts and style sheets joined with what they import."""

import pytest

from app.config import ROOT
from app.web.joining import join_script, join_styles

SCRIPTS = {
    "pages/main.js": (
        'import { one, two as second } from "../parts/a.js";\n'
        'import {\n  three,\n} from "../parts/b.js";\n'
        'import "../parts/c.js";\n\n'
        "start(one, second, three);\n"
    ),
    "parts/a.js": (
        'import { three } from "./b.js";\n'
        "export const one = three;\nexport async function two() {}\n"
    ),
    "parts/b.js": (
        "export class three {}\nexport const load = (name) => import(`./${name}/x.js`);\n"
    ),
    "parts/c.js": "sideEffect();\n",
}


def join(scripts, path="pages/main.js"):
    return join_script(path, scripts.__getitem__)


def test_a_script_holds_each_module_once_after_what_it_imports():
    joined = join(SCRIPTS)
    places = [joined.index(f"// {path}") for path in ("parts/b.js", "parts/a.js", "parts/c.js")]
    assert sorted(places) == places
    assert joined.count("class three") == 1
    assert "\nimport " not in joined
    assert "\nexport " not in joined


def test_names_are_handed_from_module_to_module():
    joined = join(SCRIPTS)
    assert "return { three, load };" in joined
    assert "const { three } = $module1;" in joined
    assert "return { one, two };" in joined
    assert "const { one, two: second } = $module2;" in joined


def test_what_the_first_module_exports_the_joined_one_does():
    assert join(SCRIPTS, "parts/a.js").endswith("export const { one, two } = $module2;\n")


def test_what_is_imported_later_is_found_from_where_the_joined_file_is():
    assert "import(`../parts/./${name}/x.js`)" in join(SCRIPTS)
    assert "import(`././${name}/x.js`)" in join(SCRIPTS, "parts/b.js")


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;",
        "export let changing = 1;",
        'export { one } from "./a.js";',
        'import * as all from "../parts/a.js";',
        'import whole from "../parts/a.js";',
        'import { one } from "bare";',
    ],
)
def test_a_form_that_is_not_known_is_named(text):
    with pytest.raises(ValueError, match="cannot be joined"):
        join(SCRIPTS | {"pages/main.js": f"{text}\n"})


def test_a_name_that_is_not_exported_is_named():
    with pytest.raises(ValueError, match=r"pages/main.js: expected parts/a.js to export 'four'"):
        join(SCRIPTS | {"pages/main.js": 'import { four } from "../parts/a.js";\n'})


def test_comments_with_lines_of_their_own_are_left_out_and_nothing_else():
    text = (
        "/**\n * Doubles.\n * @param {number} x it's a `number`\n */\n"
        "export function twice(x) {\n  // Not `halves`.\n  return x * 2; // kept\n}\n"
        'const address = "http://x"; const pattern = /"/;\n'
        "const words = `\n// kept\n/* kept */\n`;\n"
    )
    joined = join({"a.js": text}, "a.js")
    assert "Doubles" not in joined
    assert "halves" not in joined
    assert "\nfunction twice(x) {\n  return x * 2; // kept\n}\n" in joined
    assert joined.count("kept") == 3
    assert 'const address = "http://x"; const pattern = /"/;' in joined


def test_a_circle_is_named():
    circle = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match=r"a\.js imports itself"):
        join(circle, "a.js")


def test_style_sheets_come_in_the_order_of_their_imports():
    sheets = {
        "page.css": '@import "./parts/a.css";\n@import "./parts/b.css";\nbody { margin: 0 }\n',
        "parts/a.css": '@import "./c.css";\na { color: red }\n',
        "parts/b.css": "/* Left out. */\nb { color: blue }\n",
        "parts/c.css": "i { color: green }\n",
    }
    joined = join_styles("page.css", sheets.__getitem__)
    assert joined == (
        "i { color: green }\na { color: red }\nb { color: blue }\nbody { margin: 0 }\n"
    )


@pytest.mark.parametrize("text", ["a { background: url(x.png) }", '@import url("x.css");'])
def test_an_address_in_a_style_sheet_is_named(text):
    with pytest.raises(ValueError, match=r"page\.css: expected"):
        join_styles("page.css", {"page.css": text}.__getitem__)


PAGES = {path.stem: path for path in (ROOT / "static" / "css").glob("*.css")}


@pytest.mark.parametrize("page", sorted(PAGES.keys() - {"without-script"}))
def test_every_page_has_the_header_and_can_be_printed(page):
    sheet = PAGES[page].read_text()
    for part in ("tokens", "base", "header", "forced-colours", "print"):
        assert f'@import "./parts/{part}.css";' in sheet
