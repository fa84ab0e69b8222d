"""What is kept, how it is encrypted, and for how long.

No table holds a person's name or plain channel id. See ``store/tables.py`` for what each row means
and ``docs/data-map.md`` for who sees it and when it goes.
"""
