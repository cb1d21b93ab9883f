"""The studio: a line on a local web page, with levers to move and the answer beside them."""
