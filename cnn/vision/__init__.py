"""From any picture to its digits as 28×28 pixels, with every stage of the normalisation."""
