"""Stored pictures: the store, labels, the gallery, exports."""
