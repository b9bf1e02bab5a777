"""What is wrong with runs of training, and what their logs say."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "retrain_checkpoint": mark(
        "What the training had kept of itself belongs to other settings. Start a new run."
    ),
    "retrain_diverged": mark(
        "The training lost its way: the loss grew beyond all numbers. Start a new run with a lower "
        "rate."
    ),
    "retrain_digits_missing": mark(
        "A model from scratch must see every digit, and there is no %(digits)s. Collect them, or "
        "mix in MNIST."
    ),
    "retrain_examples": mark(
        "The pictures of a version could not be read (%(name)s). Start a new run; if that fails "
        "as well, freeze the version again."
    ),
    "retrain_keeps_rejector": mark(
        "It goes on from %(base)s, and keeps what %(base)s knows of things that are no digits."
    ),
    "retrain_mnist_missing": mark(
        "MNIST is missing, with which every model is compared: %(problem)s. Whoever runs the "
        "server can put its four files into a folder and name that with DIGITNET_MNIST_DIR."
    ),
    "retrain_model": mark(
        "The model in service could not be read as one of digits (%(name)s). Put another version "
        "in service, then start a new run."
    ),
    "retrain_no_examples": mark(
        "There is nothing to learn from: choose a version with digits in it, or mix in MNIST."
    ),
    "retrain_settings": mark("The training cannot be done with these settings: %(problem)s."),
    "retrain_trains_rejector": mark(
        "It begins with random weights, and also learns what is no digit."
    ),
    "run_amount": mark("'%(name)s' must be a number from %(least)s to %(most)s."),
    "run_body": mark(
        "JSON is expected: an object with what the run is to be, such as "
        "{“versions”: [“class-7b”]}."
    ),
    "run_choice": mark("'%(name)s' must be one of these: %(choices)s."),
    "run_compares": mark("It is compared with %(version)s, which is in service."),
    "run_damaged": mark(
        "What the training made could not be used: %(problem)s. Nothing in service was changed; "
        "start a new run."
    ),
    "run_ended": mark("The run has ended already: there is nothing to cancel."),
    "run_goes_on": mark("It was interrupted, and goes on after epoch %(epoch)s."),
    "run_interrupted": mark(
        "The training was ended from outside again and again without getting further, perhaps for "
        "want of memory. Nothing in service was changed; start a new run when the server is less "
        "busy."
    ),
    "run_nothing": mark(
        "There is nothing to learn from: choose a version of the data set, or mix in MNIST."
    ),
    "run_only_digits": mark(
        "Only digit models are trained here. For other classes, use "
        "`python -m cnn train --folder`, and add the model’s file."
    ),
    "run_overtaken": mark(
        "Meanwhile %(present)s was put in service; the comparison is with %(compared)s, so this "
        "model was not put in service. Train again to compare it with %(present)s."
    ),
    "run_published": mark("It is better: %(version)s was put in service."),
    "run_unknown": mark("There is no such run."),
    "run_unwritable": mark(
        "The run could not be kept on the disk: %(problem)s. It is tried again; make room."
    ),
    "run_version": mark(
        "There is no version %(name)s of the data set. “versions” is a list of versions’ names."
    ),
    "run_without_model": mark("This run has no model: it has not come to its end."),
    "run_worse": mark(
        "This model is worse than the one it was compared with, so it is not put in service: of "
        "“%(set)s” it reads %(after)s percent right, which were %(before)s."
    ),
}
