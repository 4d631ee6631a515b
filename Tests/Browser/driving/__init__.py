"""How a person drives the page: the names of its parts are kept here, out of the tests."""
