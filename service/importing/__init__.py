"""Foreign files in, canonical tables out: all or nothing, every bad row named."""
