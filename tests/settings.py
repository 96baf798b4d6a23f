"""Settings the tests run under: the site's own, with fast password hashing and a data directory per run."""
