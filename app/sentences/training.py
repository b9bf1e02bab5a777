"""What is wrong with runs of training, and what their logs say."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import ErrorCode
from app.languages import mark, mark_count
from app.sentences.sentence import Sentence

__all__ = ["SENTENCES"]

SENTENCES: Mapping[ErrorCode, Sentence] = {
    "archives_waiting": mark(
        "%(most)s runs with pictures of their own wait already. Send these when one of them has "
        "begun, or cancel one."
    ),
    "pictures_augment": mark(
        "'augment' says what is changed, and by how much at most, such as "
        "zoom=0.2,flip,rotate=10,shift=0.1,brightness=0.2,cutout=0.25,shear=0.1; or it is “none”."
    ),
    "pictures_class_name": mark(
        "The folder “%(name)s” cannot be the name of a class: give it at most %(most)s visible "
        "characters. Nothing was stored."
    ),
    "pictures_class_twice": mark(
        "There are the folders %(first)s and %(second)s. If they are one class, put their pictures "
        "together; if not, give one of them another name. Nothing was stored."
    ),
    "pictures_class_unknown": mark(
        "The pictures for the test or for validation have the class %(name)s, and those to learn "
        "from do not. Nothing was stored."
    ),
    "pictures_classes": mark(
        "A model tells at most %(most)s classes apart, and there are %(count)s folders. Nothing "
        "was stored."
    ),
    "pictures_digits": mark(
        "The model “digits” learns from versions of the data set, by the other form. Choose "
        "another name for this one."
    ),
    "pictures_few": mark(
        "The class %(name)s has too few pictures: of each class there must be %(least)s at least, "
        "to learn from and to judge by, and dozens are better. Nothing was stored."
    ),
    "pictures_memory": mark(
        "%(count)s pictures of a side of %(size)s pixels take %(megabytes)s MB while they are "
        "learned from, and at most %(most)s MB are allowed. Choose a smaller size, or leave "
        "pictures out. Nothing was stored."
    ),
    "pictures_makes": mark(
        "“%(name)s” is a model that makes pictures: choose another name for one that reads them."
    ),
    "pictures_name": mark(
        "A model’s name has small letters from a to z, digits and single hyphens, at most 40 in "
        "all, such as cats-dogs."
    ),
    "pictures_no_folders": mark(
        "There are no folders with pictures in the archive. Make a folder for each class, named "
        "after it, with its pictures, and pack these folders. Nothing was stored."
    ),
    "pictures_no_training": mark(
        "The archive has %(names)s, but no folder “train” or “training_set” beside it with "
        "pictures to learn from. Nothing was stored."
    ),
    "pictures_no_zip": mark(
        "Choose a ZIP with a folder of pictures for each class. Programs send it as the multipart "
        "field “file”."
    ),
    "pictures_one_class": mark(
        "There is only one class, %(name)s: a model tells two or more apart, each in a folder of "
        "its own. Nothing was stored."
    ),
    "pictures_other_classes": mark(
        "The model %(name)s tells %(before)s apart, and these pictures are of %(classes)s. Choose "
        "another name for this one. Nothing was stored."
    ),
    "pictures_parts_twice": mark(
        "The archive has both %(first)s and %(second)s: keep one of them. Nothing was stored."
    ),
    "pictures_too_large": mark(
        "This would unpack to more than %(most)s MB. Make the pictures smaller: the network sees "
        "each with 128 pixels a side at most. Nothing was stored."
    ),
    "pictures_too_many": mark(
        "The archive holds more than %(most)s files. Leave pictures out. Nothing was stored."
    ),
    "retrain_checkpoint": mark(
        "What the training had kept of itself belongs to other settings. Start a new run."
    ),
    "retrain_class_unreadable": mark(
        "None of the files of the class %(name)s is a picture that can be read here. Look at them, "
        "then start a new run."
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
    "retrain_left_out": mark_count(
        "%(count)s file is no picture that can be read here, and is left out: %(names)s.",
        "%(count)s files are no pictures that can be read here, and are left out, such as "
        "%(names)s.",
    ),
    "retrain_mnist_missing": mark(
        "MNIST is missing, with which every model is compared: %(problem)s. Whoever runs the "
        "server can put its four files into a folder and name that with DIGITNET_MNIST_DIR."
    ),
    "retrain_model": mark(
        "The model in service could not be read, or knows other classes (%(name)s). Put another "
        "version in service, then start a new run."
    ),
    "retrain_no_examples": mark(
        "There is nothing to learn from: choose a version with digits in it, or mix in MNIST."
    ),
    "retrain_pictures": mark(
        "These pictures could not be learned from: there are too few, or their folders are no "
        "longer as they were. Start a new run; if that fails as well, send more pictures."
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
    "run_files_beside": mark_count(
        "%(count)s file is in no class’s folder, and is left out.",
        "%(count)s files are in no class’s folder, and are left out.",
    ),
    "run_files_large": mark_count(
        "%(count)s file has more than 20 MB, and is left out.",
        "%(count)s files have more than 20 MB, and are left out.",
    ),
    "run_first": mark("It is the first model called %(name)s: there is none to compare it with."),
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
        "Only digit models learn from the site’s data set. For a model of other classes, send a "
        "ZIP with a folder of pictures for each class, as the multipart field “file”."
    ),
    "run_overtaken": mark(
        "Meanwhile %(present)s was put in service; the comparison is with %(compared)s, so this "
        "model was not put in service. Train again to compare it with %(present)s."
    ),
    "run_overtaken_first": mark(
        "Meanwhile %(present)s was put in service under this name, with which this model was not "
        "compared, so it was not put in service. Train again to compare it with %(present)s."
    ),
    "run_published": mark("It is better: %(version)s was put in service."),
    "run_published_first": mark("It is the first of its name: %(version)s was put in service."),
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
        "“%(set)s” it gets %(after)s percent right, which were %(before)s."
    ),
}
