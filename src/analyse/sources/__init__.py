"""Where figures come from: the embedded snapshot. With ``store`` the only room that reads files."""
