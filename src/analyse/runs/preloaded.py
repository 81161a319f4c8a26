"""Importing this imports everything: the server that workers and the zygote are forked from does so once."""

from analyse.runs import zygote

zygote.preload()
zygote.warm_up()
