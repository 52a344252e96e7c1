"""The catalogues' tool: `python -m locales.build update | check | missing | fill | compile`.

Each source file has its domain, so that a flow's texts are one short file a language; what several
files say stands in `common`.
"""
