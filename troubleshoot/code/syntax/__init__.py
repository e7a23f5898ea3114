"""What files say, before anybody asks what it means."""
