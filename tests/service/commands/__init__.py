"""The commands, as a beheerder types them."""
