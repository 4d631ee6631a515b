"""What `bench` is made of: servers, load, measurements, goals, reports."""
