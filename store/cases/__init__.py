"""Cases: people who talk with a counsellor. ``moving`` has the transitions, ``messages`` what
is written, ``outbox`` its way to the person, ``matching`` who is offered what, ``feed`` what
is new."""
