"""Attacks on a running server, with figures before and after: docs/security.md has the tables.

Each is run as `python -m benchmarks.attack.NAME`; `--program FOLDER` attacks another checkout's
`wsgi.py`, `--help` tells the other options. What reads memory is for Linux.

connections   hundreds of slow heads, uploads and downloads, and how long a reader waits beside
              them: [--seconds 30] [--server own, waitress, cheroot, gunicorn or granian]
heavy         guessed passwords, explanations, downloads, and a reader beside them: [--seconds 15]
kill          SIGKILL while people store pictures; is anything lost? [--rounds 30] [--clients 8]
kill_all      SIGKILL of trainer, worker and site while people draw, import, train and publish:
              [--times 50] [--seed 16] [--pictures 100] [--database URL] [--redis URL]
kill_import   SIGKILL of the site and of its worker while training data is uploaded, checked and
              imported: [--kills 50] [--pictures 600]
memory        large pictures, and the memory they take: [--clients 8] [NAME …]
pictures      pictures made to be slow, and who waits meanwhile: [--clients 8] [NAME …]
native        the native door: held connections, 4 MB from each, the end: [--count 500]
native_crowd  a crowd that logs in there at one moment: [--clients 200]

`site` has what they share: a server of their own, and people who use it. `hostile` makes the
pictures that `memory` and `pictures` send; `busy` has the people and `stored` the looks at rows
and files of `kill_all`.
"""
