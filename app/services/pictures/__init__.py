"""Pictures that are kept: the store, their labels, the gallery, and exports."""
