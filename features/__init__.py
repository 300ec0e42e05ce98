"""Tables in, features out: pure functions over polars tables, without web, database or clock."""
