"""The validated graph in the forms that other tools read."""
