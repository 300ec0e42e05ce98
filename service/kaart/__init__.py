"""A map of places with travel rings, drawn from the region's own postcodes."""
