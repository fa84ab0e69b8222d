#!/usr/bin/env bash
# The browser for the tests: Debian's Chromium, installed where that needs no question (as root).
# Elsewhere the browser tests are skipped and say how to install it.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests (once)"
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null 2>&1 ||
    echo "  could not be installed; the browser tests will be skipped"
fi
exit 0
