"""Where figures come from: the embedded snapshot, downloads and files of the user; with ``store`` all that touches disk."""
