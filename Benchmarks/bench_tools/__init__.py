"""The parts of `bench`: servers, load, measurements, goals, reports."""
