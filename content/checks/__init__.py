"""The rules by which texts for people are checked, one module a family; see ``content.check``."""
