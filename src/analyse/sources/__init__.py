"""Where figures come from: the embedded snapshot, downloads, files of the user; only this and ``store`` touch disk."""
