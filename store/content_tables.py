"""The tables of what staff write for people beside the files of ``content/``."""

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base


class ContentStateRow(Base):
    """One row: a number that grows whenever something that people read has changed."""

    __tablename__ = "content_state"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer, default=0)
