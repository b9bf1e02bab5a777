"""The compiled ways through layers, for prediction and for training: fusion, memory, threads."""
