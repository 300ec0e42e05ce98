"""One Dutch sentence per feature, per subject; `service.wording` joins them."""
