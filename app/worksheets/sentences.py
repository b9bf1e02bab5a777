"""The sentences for what is wrong with a worksheet or with a picture of one."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import CodedError, ErrorCode
from app.languages import ENGLISH, mark, mark_count

__all__ = ["SENTENCES", "say_in_english"]

SENTENCES: Mapping[ErrorCode, str | tuple[str, str]] = {
    "page_again": mark(
        "“%(file)s” shows the same page of this pupil, so this one is not marked twice. "
        "A new attempt? Send it again, on its own."
    ),
    "page_beyond": mark(
        "As many pages came back as one worksheet has room for: %(most)s. "
        "Make another worksheet for the others."
    ),
    "page_code": mark(
        "The square code at the top of the page cannot be read, so nobody knows whose page it is. "
        "Photograph it again: all of the page, from above, with nothing on the code."
    ),
    "page_corners": mark(
        "Of the black squares in the corners of the page, fewer than three can be seen. "
        "Photograph all of the page, with no finger on its corners."
    ),
    "page_count": mark("A file has 1 to %(most)s pages. Divide it, and send its parts."),
    "page_damaged": mark("The file, or this page of it, is damaged or locked. Scan it again."),
    "page_no_picture": mark(
        "This is no picture, PDF or TIFF that can be opened. Send a photograph or a scan."
    ),
    "page_nobody": mark(
        "The code of this page names nobody in the list of names, so it is nobody's."
    ),
    "page_none": mark(
        "There is no page of a worksheet in this picture. Photograph all of one, from above."
    ),
    "page_other_own": mark(
        "This is a page of another worksheet of yours, “%(title)s”. Send it there."
    ),
    "page_other_program": mark(
        "This is no worksheet from here: its code is another program's. "
        "Send pages that were printed here."
    ),
    "page_other_sheet": mark(
        "This is a page of another worksheet, or of one that was deleted. "
        "Send it together with the worksheet that it belongs to."
    ),
    "page_same": mark("This very picture was there before, as “%(file)s”: it is not marked twice."),
    "page_small": mark(
        "The page is too small in the picture for its digits to be read. "
        "Hold the camera closer, or scan with at least 150 dpi."
    ),
    "page_too_large": mark(
        "This is too large. Send photographs as JPEG, with at most 50 million pixels and 20 MB."
    ),
    "page_two": mark(
        "There is more than one page in this picture. Photograph each page by itself."
    ),
    "page_unclear": mark(
        "The boxes of the page cannot be seen well enough. "
        "Flatten the page, and photograph it again in better light."
    ),
    "sheet_carries": mark(
        "Digits carry over in these kinds of questions alone: %(kinds)s. Choose “any” for others."
    ),
    "sheet_columns": mark("A worksheet has 1 to %(most)s columns."),
    "sheet_count": mark("A worksheet has 1 to %(most)s questions."),
    "sheet_impossible": mark(
        "Within these numbers there is no such question. Choose a wider range."
    ),
    "sheet_kind": mark("There is no such kind of questions. The kinds are %(kinds)s."),
    "sheet_layout": mark(
        "This is no layout of a worksheet. Take the file that was written when it was made."
    ),
    "sheet_letters": mark(
        "“%(text)s” has a letter that cannot be printed: %(letter)s. Write it another way."
    ),
    "sheet_limit": mark(
        "One person may have %(most)s worksheets. Delete one before you make another."
    ),
    "sheet_names": mark("A list of names has 1 to %(most)s, one a line."),
    "sheet_no_carries": mark(
        "Within this range there is no such question. Choose a wider range, or other carries."
    ),
    "sheet_no_files": mark(
        "There is no picture in what was sent. Choose photographs, scans or a PDF."
    ),
    "sheet_option": mark(
        "What was given as “%(name)s” cannot be used. Correct it, or leave it out."
    ),
    "sheet_options": mark("A worksheet is made from a JSON object with any of: %(names)s."),
    "sheet_page_named": mark(
        "This page names its pupil by its code. Names are typed for pages without one."
    ),
    "sheet_page_unknown": mark("There is no such page of this worksheet. Perhaps it was deleted."),
    "sheet_paper": mark("There is no such paper. The papers are %(papers)s."),
    "sheet_pdf": mark("A PDF has 1 to %(most)s marked pages. Open the pages one by one instead."),
    "sheet_range": mark(
        "The numbers would go from %(low)s to %(high)s. "
        "Choose at least %(least)s and at most %(most)s, the smaller number first."
    ),
    "sheet_sheets": mark(
        "That would be %(sheets)s sheets of paper; a worksheet has at most %(most)s. "
        "Divide the list of names, or ask fewer questions."
    ),
    "sheet_table_answer": mark(
        "Line %(line)s: an answer has 1 to %(most)s digits, and nothing else."
    ),
    "sheet_table_columns": mark(
        "The first line of the table must say: question,answer. Add it, and send the table again."
    ),
    "sheet_table_question": mark("Line %(line)s: a question has 1 to %(most)s characters."),
    "sheet_table_row": mark(
        "Line %(line)s: a question, a comma and an answer are expected. "
        "A question that has a comma itself stands in quotation marks."
    ),
    "sheet_table_unreadable": mark("The file is no text in UTF-8, or no table. Save it as CSV."),
    "sheet_text": mark("“%(text)s” is too long: a text has at most %(most)s characters."),
    "sheet_text_wide": mark("“%(text)s” has no room on the page. Write it shorter."),
    "sheet_too_wide": mark_count(
        "A question is too wide for the page. Write it shorter.",
        "The questions are too wide for %(count)s columns. Choose fewer, or write them shorter.",
    ),
    "sheet_unknown": mark("There is no such worksheet of yours. Perhaps it was deleted."),
    "sheet_uploads": mark(
        "As many of your pages wait to be marked as may. Send more when some of them are done."
    ),
    "sheet_whole": mark(
        "“%(name)s” takes a whole number of at most %(most)s digits. "
        "Correct it, or leave it empty for what is usual."
    ),
    "sheet_written": mark("Say what is written there: up to %(most)s digits, or nothing."),
}


def say_in_english(error: CodedError) -> str:
    """Return the sentence of an error for whoever runs the program."""
    sentence = SENTENCES[error.code]
    if isinstance(sentence, str):
        return ENGLISH.say(sentence, **error.values)
    rest = {name: value for name, value in error.values.items() if name != "count"}
    return ENGLISH.say_count(*sentence, int(error.values["count"]), **rest)
