"""Page objects: they know the names of the page's elements, so that the tests need not."""
