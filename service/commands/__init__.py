"""One module per command of the terminal; `service.cli` registers them."""
