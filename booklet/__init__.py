"""The offline booklet and the posters: the same content on paper, as PDF and as one web page."""
