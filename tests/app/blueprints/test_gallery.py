"""The pages of the gallery, where something is wrong."""


def test_a_fault_while_labelling_is_not_the_visitors(ann, seven, services, monkeypatch):
    picture = ann.keep(seven)

    def fail(*_, **__):
        raise ValueError("a moment without a time zone")

    monkeypatch.setattr(services.images, "label", fail)
    assert ann.label(picture, "1").status_code == 500
