"""The installation's keys, from its settings or made on the first run."""

from rahnuma.settings import VAR, Settings, SettingsError
from store.keys import Keys, load_or_make_secret


def keys_of(settings: Settings) -> Keys:
    """The installation's keys; raises SettingsError if the secret can't be used."""
    try:
        if settings.secret_key:
            return Keys(settings.secret_key.get_secret_value())
        return Keys(load_or_make_secret(VAR / "secret_key"))
    except (ValueError, OSError) as error:
        raise SettingsError(f"SECRET_KEY: {error}") from error
