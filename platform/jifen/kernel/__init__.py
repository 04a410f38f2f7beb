"""What every room may use and what uses no room: errors, points, clock, tenancy, permissions, privacy."""
