"""Any picture in, its digits as 28×28 out, every stage returned."""
